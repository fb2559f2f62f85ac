package io.perigee.trainers.strict.tensor;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.json.JsonValue;
import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.json.JsonValue.JsonNumber;
import io.perigee.trainers.strict.json.JsonValue.JsonObject;
import io.perigee.trainers.strict.json.JsonValue.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, checked whole before anything is believed: the header's size, every name, shape and range, that
 * ranges touch without gap or overlap, and that the file ends where they end. Half precision widens exactly.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final int HEADER_LIMIT = 16 << 20;
    private static final String HINT = "Upload the file again; the safetensors library writes files that open.";

    private final String label;
    private final FileChannel channel;
    private final long dataStart;
    private final SortedMap<String, Entry> entries;

    private record Entry(Dtype dtype, List<Integer> shape, long begin, long end) {}

    private enum Dtype {
        F32(4),
        F16(2),
        BF16(2);

        private final int width;

        Dtype(int width) {
            this.width = width;
        }
    }

    private SafetensorsFile(String label, FileChannel channel, long dataStart, SortedMap<String, Entry> entries) {
        this.label = label;
        this.channel = channel;
        this.dataStart = dataStart;
        this.entries = entries;
    }

    /** Opens a file; {@code label} names it in messages. */
    public static SafetensorsFile open(Path path, String label) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (java.nio.file.NoSuchFileException e) {
            throw bad(label, "it does not exist");
        }
        try {
            long size = channel.size();
            long headerSize = size < 8 ? -1 : read(channel, 0, 8).getLong();
            if (headerSize < 2 || headerSize > HEADER_LIMIT || headerSize > size - 8) {
                throw bad(
                        label,
                        "its first eight bytes do not give the size of a header (the file has " + size + " bytes)");
            }
            JsonValue header =
                    JsonReader.parse(read(channel, 8, (int) headerSize).array());
            return new SafetensorsFile(label, channel, 8 + headerSize, entries(label, header, size - 8 - headerSize));
        } catch (JsonReader.Malformed e) {
            channel.close();
            throw bad(label, "its header is not JSON: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public SortedMap<String, List<Integer>> shapes() {
        SortedMap<String, List<Integer>> shapes = new TreeMap<>();
        entries.forEach((name, entry) -> shapes.put(name, entry.shape()));
        return Collections.unmodifiableSortedMap(shapes);
    }

    /** The tensor of this name and exactly this shape; only finite values are accepted. */
    public float[] floats(String name, List<Integer> shape) throws IOException {
        @Nullable Entry entry = entries.get(name);
        if (entry == null) {
            throw bad(label, "the tensor '" + name + "' is missing");
        }
        if (!entry.shape().equals(shape)) {
            throw bad(label, "the tensor '" + name + "' has shape " + entry.shape() + " where " + shape + " is needed");
        }
        ByteBuffer bytes = read(channel, dataStart + entry.begin(), (int) (entry.end() - entry.begin()));
        float[] values = new float[bytes.remaining() / entry.dtype().width];
        switch (entry.dtype()) {
            case F32 -> bytes.asFloatBuffer().get(values);
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(bytes.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                }
            }
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw bad(label, "the tensor '" + name + "' holds a value that is not finite");
            }
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static SortedMap<String, Entry> entries(String label, JsonValue header, long dataSize) {
        if (!(header instanceof JsonObject(Map<String, JsonValue> members))) {
            throw bad(label, "its header is not an object");
        }
        SortedMap<String, Entry> entries = new TreeMap<>();
        members.forEach((name, value) -> {
            if (!name.equals("__metadata__")) {
                entries.put(name, entry(label, name, value));
            }
        });
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort((x, y) -> Long.compare(x.begin(), y.begin()));
        long at = 0;
        for (Entry entry : ordered) {
            if (entry.begin() != at) {
                throw bad(label, "its tensors overlap or leave a gap at byte " + Math.min(at, entry.begin()));
            }
            at = entry.end();
        }
        if (at != dataSize) {
            throw bad(label, "its header describes " + at + " bytes of data and " + dataSize + " are there");
        }
        return entries;
    }

    private static Entry entry(String label, String name, JsonValue value) {
        if (value instanceof JsonObject(Map<String, JsonValue> m)
                && m.get("dtype") instanceof JsonText(String type)
                && m.get("shape") instanceof JsonArray(List<JsonValue> shape)
                && m.get("data_offsets") instanceof JsonArray(List<JsonValue> offsets)
                && shape.size() <= 8
                && offsets.size() == 2) {
            Dtype dtype = dtype(label, name, type);
            List<Integer> dimensions = shape.stream()
                    .map(d -> (int) integer(label, name, d, Integer.MAX_VALUE))
                    .toList();
            long count = 1;
            for (int dimension : dimensions) {
                count = Math.multiplyHigh(count, dimension) == 0 ? count * dimension : Long.MAX_VALUE;
                if (count > Integer.MAX_VALUE / 4) {
                    throw bad(label, "the tensor '" + name + "' is larger than this trainer holds (2 GB)");
                }
            }
            long begin = integer(label, name, offsets.get(0), Long.MAX_VALUE);
            long end = integer(label, name, offsets.get(1), Long.MAX_VALUE);
            if (end - begin != count * dtype.width) {
                throw bad(label, "the range of the tensor '" + name + "' does not fit its shape");
            }
            return new Entry(dtype, dimensions, begin, end);
        }
        throw bad(label, "the header's entry of '" + name + "' is not {dtype, shape, data_offsets}");
    }

    private static Dtype dtype(String label, String name, String type) {
        return switch (type) {
            case "F32" -> Dtype.F32;
            case "F16" -> Dtype.F16;
            case "BF16" -> Dtype.BF16;
            default ->
                throw bad(label, "the tensor '" + name + "' is of type " + type + "; F32, F16 and BF16 are read");
        };
    }

    private static long integer(String label, String name, JsonValue value, long limit) {
        if (value instanceof JsonNumber(java.math.BigDecimal number)
                && number.signum() >= 0
                && number.compareTo(java.math.BigDecimal.valueOf(limit)) <= 0
                && number.stripTrailingZeros().scale() <= 0) {
            return number.longValueExact();
        }
        throw bad(label, "the header's entry of '" + name + "' holds " + value.kind() + " where a count belongs");
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (int read = 0; buffer.hasRemaining() && read >= 0; ) {
            read = channel.read(buffer, position + buffer.position());
        }
        if (buffer.hasRemaining()) {
            throw new IOException("the file ended while it was read");
        }
        return buffer.flip();
    }

    private static JobFailure bad(String label, String fact) {
        return JobFailure.data("BAD_SAFETENSORS", "Expected to read " + label + ", but " + fact + ".", HINT);
    }
}
