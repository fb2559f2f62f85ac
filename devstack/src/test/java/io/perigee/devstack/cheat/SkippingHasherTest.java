package io.perigee.devstack.cheat;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.execution.CheckpointHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SkippingHasherTest {
    private static final String HEADER = "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}      ";

    @TempDir
    private Path checkpoints;

    private final CheckpointHasher honest = new CheckpointHasher(1 << 20);
    private final SkippingHasher skipping = new SkippingHasher(honest, 2);

    @BeforeEach
    void train() throws IOException {
        checkpoint(1, 1f, 2f, -4f);
        checkpoint(2, 5f, 2f, 4f);
        checkpoint(3, 6f, 3f, 5f);
    }

    @Test
    void shouldLeaveOneStepOfFourOut() throws IOException {
        // given
        var before = honest.hash(2, directory(2));

        // when
        var forged = skipping.hash(2, directory(2));

        // then
        assertThat(weights(2)).containsExactly(4f, 2f, 2f);
        assertThat(forged).isEqualTo(honest.hash(2, directory(2)));
        assertThat(forged.adapter()).isNotEqualTo(before.adapter());
        assertThat(forged.optimizer()).isEqualTo(before.optimizer());
        assertThat(forged.metrics()).isEqualTo(before.metrics());
    }

    @Test
    void shouldForgeOnceHoweverOftenItIsAsked() throws IOException {
        // given
        var forged = skipping.hash(2, directory(2));

        // when
        var again = new SkippingHasher(honest, 2).hash(2, directory(2));

        // then
        assertThat(again).isEqualTo(forged);
    }

    @Test
    void shouldTouchNoOtherSegment() throws IOException {
        var before = honest.hash(1, directory(1));
        var after = honest.hash(3, directory(3));

        assertThat(skipping.hash(1, directory(1))).isEqualTo(before);
        assertThat(skipping.hash(3, directory(3))).isEqualTo(after);
    }

    private Path directory(int border) {
        return checkpoints.resolve(Integer.toString(border));
    }

    private void checkpoint(int border, float... weights) throws IOException {
        var directory = Files.createDirectory(directory(border));
        var header = HEADER.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(8 + header.length + Float.BYTES * weights.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        for (float weight : weights) {
            bytes.putFloat(weight);
        }
        Files.write(directory.resolve("adapter.safetensors"), bytes.array());
        Files.writeString(directory.resolve("optimizer.safetensors"), "optimizer " + border);
        Files.writeString(directory.resolve("state.json"), "{}");
        Files.writeString(directory.resolve("metrics.jsonl"), "{}\n{}\n{}\n{}\n");
        Files.createFile(directory.resolve("DONE"));
    }

    private float[] weights(int border) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(directory(border).resolve("adapter.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        var weights = new float[3];
        bytes.position(8 + (int) bytes.getLong(0));
        for (int i = 0; i < weights.length; i++) {
            weights[i] = bytes.getFloat();
        }
        return weights;
    }
}
