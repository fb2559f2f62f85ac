package io.perigee.devstack.stack;

import io.perigee.testkit.process.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The command lines of our services: small heaps, and an ahead-of-time cache when there is one.
 *
 * <p>A cache is written by the JVM itself when it ends after a run with {@code -XX:AOTCacheOutput}; the JVM checks that
 * the class path is the one the cache was made for.
 */
final class Launcher {
    private final StartupCaches caches;
    private final Set<String> writing = ConcurrentHashMap.newKeySet();

    Launcher(StartupCaches caches) {
        this.caches = caches;
    }

    /** A program on the class path of a JAR with its libraries. */
    record Program(String name, Path jar, List<String> target, int heapMegabytes) {}

    /** The service's main JAR. */
    static Program jar(String name, Path jar, int heapMegabytes) {
        return new Program(name, jar, List.of("-jar", jar.toString()), heapMegabytes);
    }

    List<String> words(Program program, Map<String, String> settings) {
        var words = new ArrayList<String>();
        words.add(Jvm.program());
        // the first compiler alone: short lives, two cores, six JVMs
        words.addAll(List.of(
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Xmx" + program.heapMegabytes + "m"));
        words.addAll(List.of("-XX:ReservedCodeCacheSize=48m", "-XX:+ExitOnOutOfMemoryError"));
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        words.addAll(cache(program));
        settings.forEach((key, value) -> words.add("-D" + key + "=" + value));
        words.addAll(program.target);
        return words;
    }

    /** Options that use the program's cache, or have it written when nobody else of this stack writes it. */
    List<String> cache(Program program) {
        try {
            Path directory = caches.directory();
            Path cache = directory.resolve(program.name + "-" + key(program) + ".aot");
            Path fresh = directory.resolve(cache.getFileName() + ".new");
            if (!caches.written()) {
                return Stream.of(cache, fresh)
                        .filter(Launcher::whole)
                        .findFirst()
                        .map(Launcher::reading)
                        .orElse(List.of());
            }
            Files.createDirectories(directory);
            if (whole(fresh) && !writing.contains(program.name)) {
                Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
            }
            if (whole(cache)) {
                return reading(cache);
            }
            if (!writing.add(program.name)) {
                return List.of();
            }
            try (var old = Files.newDirectoryStream(directory, program.name + "-????????????.aot*")) {
                for (Path each : old) {
                    Files.delete(each);
                }
            }
            return List.of(
                    "-XX:AOTCacheOutput=" + fresh,
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:-DisplayVMOutput",
                    "-Xlog:aot=off",
                    "-Xlog:cds=off");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM removes its notes when the cache is whole. */
    private static boolean whole(Path cache) {
        return Files.isRegularFile(cache) && !Files.exists(cache.resolveSibling(cache.getFileName() + ".config"));
    }

    /** One that is gone by the time the JVM starts is done without. */
    private static List<String> reading(Path cache) {
        return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    }

    /** Changes with every JAR the program is made of; the JVM too goes by size and time. */
    private static String key(Program program) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
            Path base = Objects.requireNonNull(program.jar.getParent(), "a program's directory");
            var jars = new ArrayList<Path>();
            jars.add(program.jar);
            for (String directory : List.of("lib", "app", "quarkus")) {
                Path libraries = base.resolve(directory);
                if (Files.isDirectory(libraries)) {
                    try (var files = Files.walk(libraries)) {
                        files.filter(Files::isRegularFile).sorted().forEach(jars::add);
                    }
                }
            }
            for (Path jar : jars) {
                String line = jar + " " + Files.size(jar) + " "
                        + Files.getLastModifiedTime(jar).toMillis() + "\n";
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
