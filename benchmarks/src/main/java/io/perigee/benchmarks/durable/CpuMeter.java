package io.perigee.benchmarks.durable;

import io.perigee.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time of a process and all it starts, in nanoseconds: of a cgroup of its own where one may be made, else of
 * {@code /proc/PID/stat} of everything alive and of what ended and was waited for.
 */
interface CpuMeter extends AutoCloseable {
    Path CPUACCT = Path.of("/sys/fs/cgroup/cpuacct");

    long nanos();

    /** The name of the way it is measured. */
    String way();

    @Override
    void close();

    static CpuMeter of(String name, Child child) {
        try {
            return new Cgroup(name, child);
        } catch (IOException notOurs) {
            return new Proc(child.pid());
        }
    }

    /** A cpuacct cgroup (version 1). */
    final class Cgroup implements CpuMeter {
        private final Path directory;

        Cgroup(String name, Child child) throws IOException {
            directory = CPUACCT.resolve("perigee-" + ProcessHandle.current().pid() + "-" + name);
            Files.createDirectory(directory);
            // what was started before is moved with it; what it starts from now on is born there
            for (var each : Stream.concat(
                            Stream.of(child.handle()), child.handle().descendants())
                    .toList()) {
                Files.writeString(directory.resolve("cgroup.procs"), Long.toString(each.pid()));
            }
        }

        @Override
        public long nanos() {
            try {
                return Long.parseLong(
                        Files.readString(directory.resolve("cpuacct.usage")).strip());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String way() {
            return "cgroup";
        }

        @Override
        public void close() {
            try {
                Files.delete(directory);
            } catch (IOException stillInUse) {
                // it goes with the last process in it
                directory.toFile().deleteOnExit();
            }
        }
    }

    /** Ticks of a hundredth of a second. */
    final class Proc implements CpuMeter {
        private static final long TICK = 10_000_000;
        private final long pid;

        Proc(long pid) {
            this.pid = pid;
        }

        @Override
        public long nanos() {
            return ProcessHandle.of(pid).stream()
                            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                            .mapToLong(each -> ticks(each.pid(), each.pid() == pid))
                            .sum()
                    * TICK;
        }

        /** Children that ended are in the fields cutime and cstime of who waited for them. */
        private static long ticks(long pid, boolean withChildren) {
            try {
                var text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
                var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                return withChildren ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : own;
            } catch (IOException gone) {
                return 0;
            }
        }

        @Override
        public String way() {
            return "/proc";
        }

        @Override
        public void close() {}
    }
}
