package io.perigee.trainers.strict.support;

import io.perigee.trainers.strict.failure.Exit;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.train.Run;
import io.perigee.trainers.strict.train.StopSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A job as an agent would mount it; valid by default, so that a test names only what matters to it. */
public final class JobDirectory {
    public static final Path QUICKSTART = Path.of("../../examples/quickstart");

    private final Path root;
    private final Map<String, Object> spec = new HashMap<>();

    private JobDirectory(Path root) throws IOException {
        this.root = root;
        for (String name : List.of("inputs", "checkpoints", "outputs")) {
            Files.createDirectories(root.resolve(name));
        }
        spec.put("version", 1);
        spec.put("base", "sha256:" + "b".repeat(64));
        spec.put("trainer", "strict");
        spec.put("resources", new HashMap<>(Map.of("cpu", 1, "memory", 1_000_000_000)));
        spec.put("segments", new HashMap<>(Map.of("stepsPerSegment", 2)));
        spec.put(
                "method",
                new HashMap<>(Map.of(
                        "kind",
                        "lora",
                        "r",
                        3,
                        "alpha",
                        16,
                        "dropout",
                        "0.1",
                        "targets",
                        List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"))));
        spec.put(
                "train",
                new HashMap<>(Map.of(
                        "dtype",
                        "float32",
                        "gradAccum",
                        1,
                        "lr",
                        "0.002",
                        "microBatch",
                        3,
                        "scheduler",
                        "cosine",
                        "seed",
                        7,
                        "seqLen",
                        37,
                        "steps",
                        6,
                        "warmupSteps",
                        2)));
    }

    /** A job of a few steps on {@link TinyBase}. */
    public static JobDirectory tiny(Path root) throws IOException {
        JobDirectory job = new JobDirectory(root);
        TinyBase.write(job.base());
        return job.dataset(
                "{\"prompt\":\"Which way? \",\"completion\":\"That way.\"}",
                "{\"text\":\"The quick brown fox jumps over the lazy dog, and over another one, which is lazier still.\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Good day\"}]}",
                "{\"prompt\":\"a\",\"completion\":\"bc\"}",
                "{\"prompt\":\"\",\"completion\":\"Zoë\"}");
    }

    /** A job on the base and the dataset this repository ships. */
    public static JobDirectory quickstart(Path root) throws IOException {
        JobDirectory job = new JobDirectory(root)
                .method("r", 8)
                .method("dropout", "0")
                .train("microBatch", 4)
                .train("seqLen", 64);
        Files.createSymbolicLink(job.base(), QUICKSTART.resolve("base").toRealPath());
        Files.createSymbolicLink(
                root.resolve("inputs/dataset"), QUICKSTART.resolve("dataset").toRealPath());
        return job.method("targets", List.of("q_proj", "k_proj", "v_proj", "o_proj"));
    }

    public JobDirectory train(String name, @Nullable Object value) {
        return put("train", name, value);
    }

    public JobDirectory method(String name, @Nullable Object value) {
        return put("method", name, value);
    }

    /** Sets or, with null, removes a member of a part of the spec. */
    @SuppressWarnings("unchecked")
    public JobDirectory put(String part, String name, @Nullable Object value) {
        Map<String, Object> members = (Map<String, Object>) spec.computeIfAbsent(part, _ -> new HashMap<>());
        if (value == null) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
        return this;
    }

    public JobDirectory dataset(String... lines) throws IOException {
        Files.createDirectories(root.resolve("inputs/dataset"));
        Files.writeString(root.resolve("inputs/dataset/data.jsonl"), String.join("\n", lines) + "\n");
        return this;
    }

    public Path root() {
        return root;
    }

    public Path base() {
        return root.resolve("inputs/base");
    }

    public Path checkpoint(int border) {
        return root.resolve("checkpoints/" + border);
    }

    /** Takes over a checkpoint of another run as the one to resume from. */
    public JobDirectory resume(Path checkpoint) throws IOException {
        Files.createDirectories(root.resolve("resume"));
        for (Path file : files(checkpoint)) {
            Files.copy(file, root.resolve("resume").resolve(file.getFileName().toString()));
        }
        return this;
    }

    public JobDirectory writeSpec() throws IOException {
        Files.writeString(root.resolve("job.json"), JsonWriter.write(spec));
        return this;
    }

    /** Runs in this process; environment as name, value, name, value. */
    public Exit run(String... environment) throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        writeSpec();
        return new Run(
                        new Workplace(root),
                        variables,
                        new StopSignal(),
                        new PrintStream(OutputStream.nullOutputStream()))
                .execute();
    }

    /** Digests of everything that is committed to, by path. */
    public SortedMap<String, String> committed() throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        for (String part : List.of("checkpoints", "outputs")) {
            for (Path file : files(root.resolve(part))) {
                digests.put(root.relativize(file).toString(), digest(Files.readAllBytes(file)));
            }
        }
        return digests;
    }

    public static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
        }
    }
}
