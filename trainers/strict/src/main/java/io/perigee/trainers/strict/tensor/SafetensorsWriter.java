package io.perigee.trainers.strict.tensor;

import io.perigee.trainers.strict.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/**
 * Canonical safetensors: names in code-unit order, {@code dtype, shape, data_offsets} in that order, no metadata, the
 * header padded with spaces to eight bytes. The official library writes float32 tensors with the same bytes.
 */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /** The bytes of a file that holds these tensors. */
    public static byte[] bytes(SortedMap<String, Tensor> tensors) {
        StringBuilder header = new StringBuilder("{");
        int offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            int end =
                    Math.addExact(offset, Math.multiplyExact(4, entry.getValue().values().length));
            header.append(header.length() == 1 ? "" : ",")
                    .append(JsonWriter.write(entry.getKey()))
                    .append(":{\"dtype\":\"F32\",\"shape\":")
                    .append(JsonWriter.write(entry.getValue().shape()))
                    .append(",\"data_offsets\":[")
                    .append(offset)
                    .append(',')
                    .append(end)
                    .append("]}");
            offset = end;
        }
        header.append('}');
        while (header.length() % 8 != 0) {
            header.append(' ');
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(Math.addExact(8 + text.length, offset)).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(text.length).put(text);
        for (Tensor tensor : tensors.values()) {
            out.asFloatBuffer().put(tensor.values());
            out.position(out.position() + 4 * tensor.values().length);
        }
        return out.array();
    }
}
