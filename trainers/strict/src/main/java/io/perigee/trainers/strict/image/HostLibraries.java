package io.perigee.trainers.strict.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The C library, its loader and what else a Java runtime is linked with, found by {@code ldd}. */
final class HostLibraries {
    private static final Pattern LINE = Pattern.compile("(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)");

    private HostLibraries() {}

    /** Path in the image (as the loader will look for it) to the file of the host. */
    static SortedMap<String, Path> of(Path jdk) throws IOException {
        SortedMap<String, Path> libraries = new TreeMap<>();
        for (Path binary :
                List.of(jdk.resolve("bin/java"), jdk.resolve("lib/server/libjvm.so"), jdk.resolve("lib/libnio.so"))) {
            for (String line : Commands.run(List.of("ldd", binary.toString())).split("\n")) {
                Matcher matcher = LINE.matcher(line.strip());
                if (matcher.matches()
                        && !Path.of(matcher.group(1))
                                .normalize()
                                .toAbsolutePath()
                                .startsWith(jdk.toAbsolutePath())) {
                    libraries.put(
                            matcher.group(1).substring(1),
                            Path.of(matcher.group(1)).toRealPath());
                }
            }
        }
        if (libraries.keySet().stream().noneMatch(name -> name.contains("libc.so"))) {
            throw new IOException("Expected 'ldd' to name the C library that '" + jdk + "' needs, but it named "
                    + libraries.keySet() + ".");
        }
        for (Path library : libraries.values()) {
            if (!Files.isReadable(library)) {
                throw new IOException("Expected to read '" + library + "', but it is not readable.");
            }
        }
        return libraries;
    }
}
