package io.perigee.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.DataFormat;
import io.perigee.protocol.spec.Dtype;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.LossOn;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Objective;
import io.perigee.protocol.spec.Optimizer;
import io.perigee.protocol.spec.Scheduler;
import io.perigee.protocol.spec.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFileTest {
    private static final List<String> LINEAR =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void lay() throws IOException {
        bench = new Bench(directory.toRealPath());
    }

    @Test
    void shouldReadAnAxolotlFile() throws IOException {
        // when
        var conversion = bench.convert("axolotl-lora.yml");

        // then
        var spec = Bench.spec(conversion);
        assertThat(conversion.job().path("base").asText()).isEqualTo("./base");
        assertThat(conversion.job().path("dataset").asText()).isEqualTo("./data/train.jsonl");
        assertThat(spec.name()).isEqualTo("axolotl-lora");
        assertThat(spec.method()).isEqualTo(new JobSpec.Method(MethodKind.LORA, 16, 32, new Decimal("0.05"), LINEAR));
        // 240 rows in training, 8 a step, 3 epochs
        assertThat(spec.train())
                .isEqualTo(new JobSpec.Train(
                        90,
                        2,
                        4,
                        1024,
                        new Decimal("0.0002"),
                        Scheduler.COSINE,
                        9,
                        11,
                        Dtype.BFLOAT16,
                        Objective.SFT,
                        LossOn.COMPLETIONS,
                        Decimal.ZERO,
                        Optimizer.ADAMW,
                        new Decimal("0.01"),
                        new Decimal("1"),
                        false,
                        true));
        assertThat(spec.data()).isEqualTo(new JobSpec.Data(DataFormat.MESSAGES, 0, new Decimal("0.04"), ""));
        assertThat(spec.segments()).isEqualTo(new JobSpec.Segments(15));
        assertThat(spec.evaluate()).isEqualTo(new JobSpec.Evaluate(1, 3));
        assertThat(conversion.dropped())
                .extracting(Conversion.Dropped::key)
                .contains(
                        "wandb_project",
                        "output_dir",
                        "flash_attention",
                        "saves_per_epoch",
                        "pad_to_sequence_len",
                        "special_tokens",
                        "datasets[0].roles_to_train",
                        "chat_template",
                        "adam_beta2")
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldReadQloraWithScaledAlpha() throws IOException {
        // when
        var conversion = bench.convert("axolotl-qlora.yml");

        // then
        var spec = Bench.spec(conversion);
        assertThat(spec.method())
                .isEqualTo(new JobSpec.Method(
                        MethodKind.QLORA, 64, 128, Decimal.ZERO, List.of("q_proj", "k_proj", "v_proj", "o_proj")));
        assertThat(spec.data().format()).isEqualTo(DataFormat.ALPACA_INSTRUCT);
        assertThat(spec.train()).satisfies(train -> {
            assertThat(train.steps()).isEqualTo(400);
            assertThat(train.gradAccum()).isEqualTo(8);
            assertThat(train.packing()).isTrue();
            assertThat(train.optimizer()).isEqualTo(Optimizer.ADAMW8BIT);
            assertThat(train.scheduler()).isEqualTo(Scheduler.CONSTANT);
            assertThat(train.warmupSteps()).isEqualTo(2);
            assertThat(train.gradCheckpointing()).isTrue();
            assertThat(train.maxGradNorm()).isEqualTo(new Decimal("1"));
            assertThat(train.seed()).isEqualTo(42);
        });
        assertThat(conversion.job().path("base").asText()).isEqualTo("model://example-org/Llama-3.2-1B");
        assertThat(conversion.notes()).anyMatch(note -> note.contains("--base"));
    }

    @Test
    void shouldReadPreferences() throws IOException {
        // when
        var spec = Bench.spec(bench.convert("axolotl-dpo.yml"));

        // then
        assertThat(spec.method()).extracting(JobSpec.Method::kind).isEqualTo(MethodKind.DORA);
        assertThat(spec.train()).satisfies(train -> {
            assertThat(train.objective()).isEqualTo(Objective.DPO);
            assertThat(train.dpoBeta()).isEqualTo(new Decimal("0.2"));
            assertThat(train.dtype()).isEqualTo(Dtype.FLOAT32);
            // 33 pairs, 4 a step, 2 epochs
            assertThat(train.steps()).isEqualTo(17);
        });
        assertThat(spec.data()).extracting(JobSpec.Data::format).isEqualTo(DataFormat.PREFERENCE);
    }

    @Test
    void shouldSayEveryReasonWhyItWouldBeAnotherTraining() throws IOException {
        // given
        var text = Bench.resource("axolotl-another.yml");

        // when
        var failure =
                catchThrowableOfType(NotTheSame.class, () -> bench.convert("axolotl-another.yml", text, Bench.PLAIN));

        // then
        assertThat(failure.obstacles())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder(
                        "lora_modules_to_save",
                        "neftune_noise_alpha",
                        "relora",
                        "datasets[0].type",
                        "optimizer",
                        "lr_scheduler",
                        "tokens",
                        "grad_norm_target");
        assertThat(failure).hasMessageContaining("8 keys");
        assertThat(failure.obstacles()).allSatisfy(obstacle -> {
            assertThat(obstacle.expected()).isNotBlank();
            assertThat(obstacle.hint()).isNotBlank();
        });
    }

    @Test
    void shouldLeaveOutWhatTheUserAccepts() throws IOException {
        // given
        var text = Bench.resource("axolotl-lora.yml") + "neftune_noise_alpha: 5\nnew_key: 1\n";
        var request = new Request(
                Optional.of("mine"),
                "lora",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(40),
                List.of("neftune_noise_alpha", "new_key"));

        // when
        var conversion = bench.convert("axolotl.yml", text, request);

        // then
        var spec = Bench.spec(conversion);
        assertThat(spec.name()).isEqualTo("mine");
        assertThat(Objects.requireNonNull(spec.train()).steps()).isEqualTo(40);
        assertThat(conversion.dropped())
                .anyMatch(dropped ->
                        dropped.key().equals("new_key") && dropped.reason().contains("accepted by you"));
        assertThat(conversion.notes()).anyMatch(note -> note.contains("price.max"));
    }

    @Test
    void shouldReadALlamaFactoryFile() throws IOException {
        // when
        var conversion = bench.convert("llamafactory-sft.yaml");

        // then
        var spec = Bench.spec(conversion);
        assertThat(conversion.job().path("dataset").asText()).isEqualTo("./data/house.jsonl");
        assertThat(spec.method()).isEqualTo(new JobSpec.Method(MethodKind.LORA, 8, 16, Decimal.ZERO, LINEAR));
        // 81 rows in training: 11 steps an epoch, 3 epochs
        assertThat(spec.train()).satisfies(train -> {
            assertThat(train.steps()).isEqualTo(33);
            assertThat(train.warmupSteps()).isEqualTo(4);
            assertThat(train.seqLen()).isEqualTo(512);
            assertThat(train.maxGradNorm()).isEqualTo(new Decimal("1"));
            assertThat(train.gradCheckpointing()).isTrue();
            assertThat(train.dtype()).isEqualTo(Dtype.BFLOAT16);
        });
        assertThat(spec.segments()).isEqualTo(new JobSpec.Segments(25));
        assertThat(spec.data()).isEqualTo(new JobSpec.Data(DataFormat.ALPACA, 0, new Decimal("0.1"), ""));
        assertThat(conversion.dropped())
                .extracting(Conversion.Dropped::key)
                .contains("template", "max_samples", "ddp_timeout", "resume_from_checkpoint", "do_train", "dataset_dir")
                .doesNotHaveDuplicates();
        assertThat(conversion.notes()).anyMatch(note -> note.contains("llama3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "axolotl-lora.yml",
                "axolotl-qlora.yml",
                "axolotl-dpo.yml",
                "llamafactory-sft.yaml",
                "llamafactory-qlora-dpo.yaml",
                "llamafactory-full.yaml"
            })
    void shouldSayWhatBecameOfEveryKey(String name) throws IOException {
        // given
        var keys = new java.util.TreeSet<String>();
        new com.fasterxml.jackson.dataformat.yaml.YAMLMapper()
                .readTree(Bench.resource(name))
                .fieldNames()
                .forEachRemaining(keys::add);

        // when
        var conversion = bench.convert(name);

        // then
        conversion.mapped().forEach(mapped -> keys.remove(mapped.key()));
        conversion.dropped().forEach(dropped -> keys.remove(dropped.key()));
        assertThat(keys).isEmpty();
        assertThat(conversion.dropped())
                .allSatisfy(dropped -> assertThat(dropped.reason()).isNotBlank());
    }

    @Test
    void shouldReadQuantisedPreferences() throws IOException {
        // when
        var spec = Bench.spec(bench.convert("llamafactory-qlora-dpo.yaml"));

        // then
        assertThat(spec.method())
                .isEqualTo(new JobSpec.Method(MethodKind.QLORA, 16, 16, Decimal.ZERO, List.of("q_proj", "v_proj")));
        assertThat(spec.train()).satisfies(train -> {
            assertThat(train.objective()).isEqualTo(Objective.DPO);
            assertThat(train.steps()).isEqualTo(120);
            assertThat(train.warmupSteps()).isZero();
            assertThat(train.dtype()).isEqualTo(Dtype.FLOAT32);
            assertThat(train.gradCheckpointing()).isFalse();
        });
    }

    @Test
    void shouldReadAFullPretraining() throws IOException {
        // when
        var spec = Bench.spec(bench.convert("llamafactory-full.yaml"));

        // then
        assertThat(spec.method()).isEqualTo(JobSpec.Method.FULL);
        assertThat(spec.train()).satisfies(train -> {
            assertThat(train.lossOn()).isEqualTo(LossOn.ALL);
            // 41 rows, 4 a step: 11 steps an epoch, 1.5 epochs
            assertThat(train.steps()).isEqualTo(17);
            assertThat(train.optimizer()).isEqualTo(Optimizer.ADAMW8BIT);
        });
        assertThat(spec.data()).extracting(JobSpec.Data::format).isEqualTo(DataFormat.TEXT);
    }

    @Test
    void shouldRefuseAnotherTrainingOfLlamaFactory() throws IOException {
        // given
        var text = Bench.resource("llamafactory-another.yaml");

        // when
        var failure = catchThrowableOfType(NotTheSame.class, () -> bench.convert("other.yaml", text, Bench.PLAIN));

        // then
        assertThat(failure.obstacles())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder(
                        "stage",
                        "finetuning_type",
                        "dataset",
                        "reward_model",
                        "use_galore",
                        "quantization_bit",
                        "mask_history",
                        "num_train_epochs");
    }

    @ParameterizedTest
    @CsvSource({"chats, MESSAGES", "house_rules, ALPACA", "unknown, AUTO"})
    void shouldFindTheFormOfRowsInTheDatasetsDescription(String dataset, DataFormat format) throws IOException {
        // given
        var text = Bench.resource("llamafactory-sft.yaml").replace("dataset: house_rules", "dataset: " + dataset)
                + "max_steps: 10\n";
        var request = Bench.PLAIN;

        // when
        var conversion = bench.convert("job.yaml", text.replace("max_samples: 1000", ""), request);

        // then
        assertThat(Objects.requireNonNull(Bench.spec(conversion).data()).format())
                .isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_epochs: 3|sample_packing: false|sample_packing: true|num_epochs",
                "val|val_set_size: 0.04|val_set_size: 0.7|val_set_size",
                "rank|lora_r: 16|lora_r: many|lora_r",
                "both|load_in_4bit: false|load_in_4bit: true\\npeft_use_dora: true|peft_use_dora",
                "square|lora_r: 16|lora_r: 8\\npeft_use_dora: true\\npeft_use_rslora: true|peft_use_rslora",
                "pattern|lora_target_linear: true|lora_target_modules: '.*mlp.*'|lora_target_modules",
                "adam|adam_beta2: 0.999|adam_beta2: 0.95|adam_beta2",
                "rate|learning_rate: 2e-4|learning_rate: fast|learning_rate",
                "norate|learning_rate: 2e-4||learning_rate",
                "rows|path: data/train.jsonl|path: elsewhere/rows|num_epochs",
                "roles|[\"assistant\"]|[\"user\"]|datasets[0].roles_to_train",
                "field|field_messages: messages|field_messages: turns|datasets[0].field_messages",
                "full|adapter: lora|load_in_8bit: true\\nadapter:|load_in_8bit",
                "rl|bf16: auto|rl: kto|rl",
                "order|bf16: auto|shuffle_merged_datasets: false|shuffle_merged_datasets",
                "tokens|pad_token|eos_token|special_tokens",
            })
    void shouldRefuseWhatWouldChangeTheTraining(String what, String from, String to, String key) throws IOException {
        // given
        var before = Bench.resource("axolotl-lora.yml");
        var text = before.replace("load_in_8bit: false\n", "").replace(from, to == null ? "" : to.replace("\\n", "\n"));

        // when
        var failure = catchThrowableOfType(NotTheSame.class, () -> bench.convert("x.yml", text, Bench.PLAIN));

        // then
        assertThat(before).contains(from);
        assertThat(failure).as(what).isNotNull();
        assertThat(failure.obstacles()).extracting(Violation::path).containsExactly(key);
    }

    @Test
    void shouldRefuseAFileOfOneList() throws IOException {
        // given
        Files.writeString(bench.directory().resolve("data/listed.json"), "[{}]");
        var text = Bench.resource("llamafactory-sft.yaml").replace("house_rules", "listed") + "max_steps: 5\n";

        // when
        var failure = catchThrowableOfType(
                NotTheSame.class, () -> bench.convert("x.yaml", text.replace("max_samples: 1000", ""), Bench.PLAIN));

        // then
        assertThat(failure.obstacles()).singleElement().satisfies(obstacle -> assertThat(obstacle.hint())
                .contains("jq -c '.[]' listed.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: x\ntrainer: strict\n", "base: x\n"})
    void shouldLeaveFilesOfNobodyAlone(String text) throws IOException {
        var content = (com.fasterxml.jackson.databind.node.ObjectNode)
                new com.fasterxml.jackson.dataformat.yaml.YAMLMapper().readTree(text);
        assertThat(ForeignFile.toolOf(content)).isEmpty();
    }

    /** No key of a value nobody expects may break the reading. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "-1", "1e300", "\"\"", "[[1]]", "true", "\"x\""})
    void shouldSurviveAnythingInAnyPlace(String junk) throws IOException {
        for (var name :
                List.of("axolotl-lora.yml", "axolotl-dpo.yml", "llamafactory-sft.yaml", "llamafactory-full.yaml")) {
            var yaml = new com.fasterxml.jackson.dataformat.yaml.YAMLMapper();
            var whole = (com.fasterxml.jackson.databind.node.ObjectNode) yaml.readTree(Bench.resource(name));
            for (var key : List.copyOf(whole.properties())) {
                var changed = whole.deepCopy();
                changed.set(key.getKey(), yaml.readTree(junk));
                if (ForeignFile.toolOf(changed).isPresent()) {
                    try {
                        bench.convert("x.yml", yaml.writeValueAsString(changed), Bench.PLAIN);
                    } catch (NotTheSame expected) {
                        assertThat(expected.obstacles()).isNotEmpty();
                    }
                }
            }
        }
    }
}
