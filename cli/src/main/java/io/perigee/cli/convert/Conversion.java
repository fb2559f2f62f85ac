package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What became of a file.
 *
 * @param tool whose file it was
 * @param job the job as a builder would write it; paths in it are relative to the file
 * @param notes what neither side says and a person should look at
 */
public record Conversion(Tool tool, ObjectNode job, List<Mapped> mapped, List<Dropped> dropped, List<String> notes) {
    /** The tools whose files are read. */
    public enum Tool {
        AXOLOTL("Axolotl"),
        LLAMA_FACTORY("LLaMA-Factory");

        private final String title;

        Tool(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /**
     * A key that has its place in a job.
     *
     * @param key the tool's, or "" for the tool's default
     * @param path the job's: "train.lr"
     */
    public record Mapped(String key, String path, JsonNode becomes) {}

    /** A key without which the training is the same. */
    public record Dropped(String key, String reason) {}

    public Conversion {
        mapped = List.copyOf(mapped);
        dropped = List.copyOf(dropped);
        notes = List.copyOf(notes);
    }
}
