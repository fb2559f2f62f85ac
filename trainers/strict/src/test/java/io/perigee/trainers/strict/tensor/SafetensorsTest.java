package io.perigee.trainers.strict.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path directory;

    @Test
    void shouldWriteTheCanonicalForm() {
        // given
        var tensors = new TreeMap<>(Map.of(
                "b", new Tensor(List.of(2), new float[] {1, -2}), "a", new Tensor(List.of(1, 1), new float[] {0.5f})));

        // when
        byte[] bytes = SafetensorsWriter.bytes(tensors);

        // then
        String header =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        int padded = Math.ceilDiv(header.length(), 8) * 8;
        ByteBuffer read = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(read.getLong()).isEqualTo(padded);
        assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8))
                .isEqualTo(header + " ".repeat(padded - header.length()));
        assertThat(read.getFloat(8 + padded)).isEqualTo(0.5f);
        assertThat(read.getFloat(8 + padded + 8)).isEqualTo(-2f);
        assertThat(bytes).hasSize(8 + padded + 12);
    }

    @Test
    void shouldWidenHalfPrecisionExactly() throws Exception {
        // given
        String header =
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[4,6]}}";
        ByteBuffer file = ByteBuffer.allocate(8 + header.length() + 6).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
        file.putShort((short) 0x3C00).putShort((short) 0x0001).putShort((short) 0xC040);
        Files.write(directory.resolve("half.safetensors"), file.array());

        // when
        try (SafetensorsFile opened = SafetensorsFile.open(directory.resolve("half.safetensors"), "the file")) {

            // then
            assertThat(opened.floats("h", List.of(2))).containsExactly(1f, 0x1p-24f);
            assertThat(opened.floats("b", List.of(1))).containsExactly(-3f);
        }
    }
}
