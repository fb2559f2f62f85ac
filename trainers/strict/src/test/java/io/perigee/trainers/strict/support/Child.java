package io.perigee.trainers.strict.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The trainer as a process of its own, as in its container. */
public record Child(Process process, Path log) {

    /** Starts with these virtual machine flags; {@code variables} beside PERIGEE_ROOT. */
    public static Child start(JobDirectory job, List<String> flags, Map<String, String> variables, String... arguments)
            throws IOException {
        job.writeSpec();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.perigee.trainers.strict.Main"));
        command.addAll(List.of(arguments));
        Path log = job.root().resolve("child.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PERIGEE_ROOT", job.root().toString());
        builder.environment().putAll(variables);
        return new Child(builder.start(), log);
    }

    /** Waits for the end, at most two minutes. */
    public int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("still running: " + output());
        }
        return process.exitValue();
    }

    public String output() throws IOException {
        return Files.readString(log);
    }
}
