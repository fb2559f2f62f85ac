package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.support.JobDirectory;
import io.perigee.trainers.strict.tensor.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterLayoutTest {
    @TempDir
    Path root;

    @Test
    void shouldWritePeftsLayout() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).method("targets", List.of("v_proj", "q_proj", "down_proj"));

        // when
        job.run();

        // then
        try (SafetensorsFile file =
                SafetensorsFile.open(root.resolve("outputs/adapter_model.safetensors"), "the adapter")) {
            assertThat(file.shapes())
                    .hasSize(12)
                    .containsEntry("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", List.of(3, 20))
                    .containsEntry("base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight", List.of(20, 3))
                    .containsEntry("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight", List.of(3, 28));
        }
        assertThat(root.resolve("outputs/adapter_config.json"))
                .content()
                .isEqualTo(
                        "{\"base_model_name_or_path\":\"sha256:" + "b".repeat(64)
                                + "\",\"bias\":\"none\",\"fan_in_fan_out\":false,\"inference_mode\":true,\"init_lora_weights\":true,\"lora_alpha\":16,\"lora_dropout\":0.1,"
                                + "\"peft_type\":\"LORA\",\"r\":3,\"target_modules\":[\"down_proj\",\"q_proj\",\"v_proj\"],\"task_type\":\"CAUSAL_LM\"}\n");
        assertThat(Files.readAllBytes(root.resolve("outputs/adapter_model.safetensors")))
                .isEqualTo(Files.readAllBytes(job.checkpoint(3).resolve("adapter.safetensors")));
    }

    @Test
    void shouldWriteTheContractsCheckpointsAndProgress() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);

        // when
        job.run();

        // then
        assertThat(job.committed().keySet().stream().filter(path -> path.startsWith("checkpoints/3/")))
                .containsExactly(
                        "checkpoints/3/DONE",
                        "checkpoints/3/adapter.safetensors",
                        "checkpoints/3/metrics.jsonl",
                        "checkpoints/3/optimizer.safetensors",
                        "checkpoints/3/state.json");
        assertThat(job.checkpoint(3).resolve("state.json"))
                .content()
                .isEqualTo("{\"dataCursor\":18,\"step\":6,\"version\":1}\n");
        assertThat(Files.readAllLines(job.checkpoint(3).resolve("metrics.jsonl")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).doesNotContain("seconds", "memory"));
        assertThat(Files.readAllLines(root.resolve("progress.jsonl")))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line)
                        .contains(
                                "\"gradNorm\":",
                                "\"loss\":",
                                "\"lr\":",
                                "\"memory\":",
                                "\"seconds\":",
                                "\"step\":",
                                "\"tokens\":",
                                "\"tokensPerSecond\":"));
    }

    @Test
    void shouldTakeAJobWithoutSegmentsAsOne() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).put("segments", "stepsPerSegment", 1_000_000);

        // when
        job.run();

        // then
        assertThat(job.checkpoint(1).resolve("DONE")).exists();
        assertThat(job.checkpoint(2)).doesNotExist();
    }
}
