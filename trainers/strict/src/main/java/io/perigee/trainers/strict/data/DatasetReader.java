package io.perigee.trainers.strict.data;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.RowForm;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.tokenizer.ByteLevelBpe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Reads every {@code *.jsonl} file below a directory, in the order of their paths; one bad row refuses the dataset. */
public final class DatasetReader {
    private static final int FILES = 4096;
    private static final int LINE_LIMIT = 4 << 20;
    private static final long TOTAL_LIMIT = 512L << 20;
    private static final String HINT =
            "Each line is one JSON object: {\"prompt\", \"completion\"}, {\"messages\": [{\"role\", \"content\"}]} or {\"text\"}.";

    /**
     * Paths of Unix compare by the bytes of their names. As text they would not do: the image names no locale, so bytes
     * beyond ASCII all read alike there, and such files would come in the order in which the file system lists them.
     */
    private static final Comparator<Path> BY_BYTES = Comparator.naturalOrder();

    private final Path directory;
    private final Composer composer;
    private final List<Example> examples = new ArrayList<>();
    private long bytes;

    /** What was read, and how many rows had nothing to learn within the sequence length. */
    public record Dataset(List<Example> examples, int rows) {
        public Dataset {
            examples = List.copyOf(examples);
        }

        /** Tokens of the longest example. */
        public int longest() {
            return examples.stream()
                    .mapToInt(example -> example.tokens().length)
                    .max()
                    .orElse(0);
        }
    }

    private DatasetReader(Path directory, Composer composer) {
        this.directory = directory;
        this.composer = composer;
    }

    /** Reads and tokenises; examples hold at most {@code length} tokens. */
    public static Dataset read(Path directory, ByteLevelBpe tokenizer, LlamaConfig config, int length, RowForm form)
            throws IOException {
        Path real = Files.isDirectory(directory) ? directory.toRealPath() : directory;
        return new DatasetReader(real, new Composer(tokenizer, config, length, form)).read();
    }

    private Dataset read() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw bad("Expected the dataset at '" + directory + "', but there is no such directory.");
        }
        int rows = 0;
        for (Path file : files()) {
            rows += rows(file);
        }
        if (rows == 0) {
            throw bad("Expected the dataset to have at least one row, but its .jsonl files are empty.");
        }
        if (examples.isEmpty()) {
            throw bad("Expected at least one row with something to learn within 'train.seqLen' tokens, but none of "
                    + rows + " has.");
        }
        return new Dataset(examples, rows);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(directory, 8)) {
            List<Path> files = found.filter(path -> path.toString().endsWith(".jsonl") && Files.isRegularFile(path))
                    .limit(FILES + 1L)
                    .sorted(BY_BYTES)
                    .toList();
            if (files.isEmpty() || files.size() > FILES) {
                throw bad("Expected 1 to " + FILES + " .jsonl files in the dataset, but there are "
                        + (files.isEmpty() ? "none." : "more."));
            }
            return files;
        }
    }

    private int rows(Path file) throws IOException {
        int number = 0;
        int rows = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] chunk = new byte[1 << 16];
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                bytes += read;
                if (bytes > TOTAL_LIMIT) {
                    throw bad("Expected a dataset of at most " + TOTAL_LIMIT + " bytes, but there are more.");
                }
                int from = 0;
                for (int i = 0; i < read; i++) {
                    if (chunk[i] == '\n') {
                        line.write(chunk, from, i - from);
                        from = i + 1;
                        rows += row(file, ++number, line);
                    }
                }
                line.write(chunk, from, read - from);
                if (line.size() > LINE_LIMIT) {
                    throw bad("Expected rows of at most " + LINE_LIMIT + " bytes, but " + place(file, number + 1)
                            + " is longer.");
                }
            }
            return rows + row(file, number + 1, line);
        }
    }

    private int row(Path file, int number, ByteArrayOutputStream line) {
        byte[] text = line.toByteArray();
        line.reset();
        boolean blank = true;
        for (byte b : text) {
            blank &= b == ' ' || b == '\t' || b == '\r';
        }
        if (blank) {
            return 0;
        }
        try {
            examples.addAll(composer.compose(
                    JsonReader.parse(text), message -> bad("Row refused, " + place(file, number) + ". " + message)));
            return 1;
        } catch (JsonReader.Malformed e) {
            throw bad("Expected " + place(file, number) + " to be JSON, but " + e.getMessage() + ".");
        }
    }

    private String place(Path file, int number) {
        return "line " + number + " of '" + directory.relativize(file) + "'";
    }

    private static JobFailure bad(String message) {
        return JobFailure.data("BAD_DATASET", message, HINT);
    }
}
