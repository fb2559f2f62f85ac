package io.perigee.trainers.strict.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The image's one layer: runtime, libraries, jars, and the mount points of the container contract. */
final class Layer {
    /** The user "nobody". */
    static final int USER = 65534;

    private final SortedMap<String, Node> nodes = new TreeMap<>();

    private sealed interface Node {
        record Directory(int owner) implements Node {}

        record Copy(Path source, int mode) implements Node {}

        record Text(String content, int owner) implements Node {}
    }

    Layer(Path runtime, SortedMap<String, Path> libraries, List<Path> jars) throws IOException {
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                put(
                        "opt/java/" + runtime.relativize(file),
                        new Node.Copy(file, Files.isExecutable(file) ? 0755 : 0644));
            }
        }
        libraries.forEach((name, file) -> put(name, new Node.Copy(file, 0755)));
        jars.forEach(jar -> put(place(jar), new Node.Copy(jar, 0644)));
        put(
                "etc/passwd",
                new Node.Text("root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n", 0));
        put("etc/group", new Node.Text("root:x:0:\nnogroup:x:65534:\n", 0));
        put("tmp", new Node.Directory(USER));
        for (String mount : List.of("inputs/base", "inputs/dataset", "resume")) {
            put("perigee/" + mount, new Node.Directory(0));
        }
        for (String mount : List.of("checkpoints", "outputs")) {
            put("perigee/" + mount, new Node.Directory(USER));
        }
        put("perigee/job.json", new Node.Text("", 0));
        put("perigee/progress.jsonl", new Node.Text("", USER));
    }

    /**
     * The command that starts the trainer: one garbage collector thread, no files outside the mounts, and a heap that leaves
     * room for the machine itself within the lent memory.
     */
    static List<String> entrypoint(List<Path> jars) {
        List<String> command = new ArrayList<>(List.of(
                "/opt/java/bin/java",
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:MaxRAMPercentage=60",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "-cp"));
        command.add(String.join(":", jars.stream().map(jar -> "/" + place(jar)).toList()));
        command.add("io.perigee.trainers.strict.Main");
        return command;
    }

    void write(Path file) throws IOException {
        try (TarWriter tar = new TarWriter(new BufferedOutputStream(Files.newOutputStream(file), 1 << 18))) {
            for (var entry : nodes.entrySet()) {
                switch (entry.getValue()) {
                    case Node.Directory(int owner) -> tar.directory(entry.getKey(), 0755, owner);
                    case Node.Copy(Path source, int mode) -> tar.file(entry.getKey(), mode, 0, source);
                    case Node.Text(String content, int owner) ->
                        tar.file(entry.getKey(), 0644, owner, content.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private void put(String name, Node node) {
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
            nodes.putIfAbsent(name.substring(0, slash), new Node.Directory(0));
        }
        nodes.put(name, node);
    }

    private static String place(Path jar) {
        return "opt/trainer/" + jar.getFileName();
    }
}
