package io.perigee.cli.convert;

import io.perigee.protocol.id.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Axolotl's configuration, key by key; the defaults are those of its schema. */
final class AxolotlFile {
    private static final KeyTable KEYS = KeyTable.read("axolotl.keys");
    private static final Decimal ONE = new Decimal("1");

    private final Sheet sheet;
    private final Inputs inputs;
    private final Optimisation optimisation;
    private final Course course;

    AxolotlFile(Sheet sheet, Inputs inputs) {
        this.sheet = sheet;
        this.inputs = inputs;
        this.optimisation = new Optimisation(sheet);
        this.course = new Course(sheet, inputs.place());
    }

    void read() {
        inputs.base("base_model");
        boolean dpo = objective();
        var data = new AxolotlDatasets(sheet, inputs).read(dpo);
        method();
        int rowsPerStep = batch();
        sheet.maps(
                key("sequence_len"), "train.seqLen", sheet.whole("sequence_len").orElse(512));
        optimisation();
        boolean packing = sheet.flag("sample_packing");
        sheet.maps(key("sample_packing"), "train.packing", packing);
        checkpointing();
        precision();
        length(data, packing, rowsPerStep);
        outputs();
        sheet.rest(KEYS);
    }

    /** The key itself where the file has it, or nothing for a default. */
    private String key(String name) {
        return sheet.has(name) ? name : "";
    }

    private boolean objective() {
        var rl = sheet.text("rl");
        boolean dpo = rl.filter("dpo"::equals).isPresent();
        if (dpo) {
            sheet.maps("rl", "train.objective", "dpo");
        } else {
            rl.ifPresent(other -> sheet.refuses("rl", "dpo, or nothing", "only supervised training and DPO are done"));
        }
        var beta = sheet.decimal("rl_beta").or(() -> sheet.decimal("dpo_beta"));
        if (dpo) {
            sheet.maps(
                    key(sheet.has("rl_beta") ? "rl_beta" : "dpo_beta"),
                    "train.dpoBeta",
                    beta.orElse(new Decimal("0.1")));
        } else {
            beta.ifPresent(_ -> sheet.drops("rl_beta", "belongs to an objective that is off in this file"));
        }
        var losses = sheet.texts("dpo_loss_type");
        if (!losses.isEmpty() && !losses.equals(List.of("sigmoid"))) {
            sheet.refuses("dpo_loss_type", "sigmoid", "DPO is the sigmoid loss here");
        } else if (!losses.isEmpty()) {
            sheet.drops("dpo_loss_type", "what dpo means");
        }
        boolean all = sheet.flag("train_on_inputs");
        if (dpo) {
            sheet.drops("train_on_inputs", "a preference is between answers");
        } else {
            sheet.maps(key("train_on_inputs"), "train.lossOn", all ? "all" : "completions");
        }
        return dpo;
    }

    // ---- what is trained

    private void method() {
        var adapter = sheet.text("adapter");
        boolean four = sheet.flag("load_in_4bit");
        boolean eight = sheet.flag("load_in_8bit");
        quantisation(four, eight);
        if (adapter.isEmpty()) {
            sheet.maps("", "method.kind", "full");
            if (four || eight) {
                sheet.refuses(
                        four ? "load_in_4bit" : "load_in_8bit", "an adapter on a quantised base", "add adapter: qlora");
            }
            for (var unused : List.of(
                    "lora_r",
                    "lora_alpha",
                    "lora_dropout",
                    "lora_target_modules",
                    "lora_target_linear",
                    "peft_use_dora",
                    "peft_use_rslora")) {
                sheet.take(unused).ifPresent(_ -> sheet.drops(unused, "no adapter is trained"));
            }
            return;
        }
        if (!List.of("lora", "qlora").contains(adapter.get())) {
            sheet.refuses("adapter", "lora or qlora", "another adapter is another training");
            return;
        }
        int r = sheet.whole("lora_r").orElse(8);
        new Adapter(
                        r,
                        sheet.whole("lora_alpha").orElse(8),
                        sheet.flag("peft_use_rslora"),
                        sheet.flag("peft_use_dora"),
                        adapter.get().equals("qlora") || four,
                        "peft_use_rslora",
                        "peft_use_dora")
                .note(sheet, "adapter", key("lora_r"), key("lora_alpha"));
        sheet.maps(
                key("lora_dropout"),
                "method.dropout",
                sheet.decimal("lora_dropout").orElse(Decimal.ZERO));
        targets();
    }

    private void quantisation(boolean four, boolean eight) {
        if (four) {
            sheet.maps("load_in_4bit", "method.kind", "qlora");
        }
        if (eight) {
            sheet.drops(
                    "load_in_8bit",
                    "the base stays in train.dtype, of which 8 bits are an approximation that saves memory");
        }
        sheet.take("bnb_config_kwargs").ifPresent(settings -> {
            var type = settings.path("bnb_4bit_quant_type").asText("nf4");
            boolean twice = settings.path("bnb_4bit_use_double_quant").asBoolean(true);
            if (type.equals("nf4") && twice) {
                sheet.drops("bnb_config_kwargs", "qlora is nf4 with double quantisation");
            } else {
                sheet.refuses(
                        "bnb_config_kwargs", "nf4 with double quantisation", "that is the one 4-bit base there is");
            }
        });
    }

    private void targets() {
        var linear = Adapter.linearLayers(inputs.modelType());
        var named = sheet.texts("lora_target_modules");
        boolean all = sheet.flag("lora_target_linear") || named.equals(List.of("all-linear"));
        if (all) {
            var both = new java.util.ArrayList<>(linear);
            named.stream()
                    .filter(name -> !name.equals("all-linear") && !both.contains(name))
                    .forEach(both::add);
            sheet.maps(
                    sheet.has("lora_target_linear") ? "lora_target_linear" : "lora_target_modules",
                    "method.targets",
                    both);
        } else if (named.stream().anyMatch(name -> !name.matches("[A-Za-z0-9_.]{1,64}"))) {
            sheet.refuses("lora_target_modules", "names of modules", "patterns are not read; write the names out");
        } else {
            sheet.maps(
                    key("lora_target_modules"),
                    "method.targets",
                    named.isEmpty() ? List.of("q_proj", "v_proj") : named);
        }
    }

    // ---- how

    private int batch() {
        int micro = sheet.whole("micro_batch_size").orElse(1);
        var total = sheet.whole("batch_size");
        int accumulation = total.filter(_ -> !sheet.has("gradient_accumulation_steps"))
                .map(size -> Math.max(size / Math.max(micro, 1), 1))
                .orElseGet(() -> sheet.whole("gradient_accumulation_steps").orElse(1));
        sheet.maps(key("micro_batch_size"), "train.microBatch", micro);
        sheet.maps(
                key(sheet.has("gradient_accumulation_steps") ? "gradient_accumulation_steps" : "batch_size"),
                "train.gradAccum",
                accumulation);
        if (total.isPresent() && sheet.has("gradient_accumulation_steps")) {
            sheet.drops("batch_size", "gradient_accumulation_steps says the same");
        }
        return Math.multiplyExact(Math.max(micro, 1), Math.max(accumulation, 1));
    }

    private void optimisation() {
        optimisation.rate("learning_rate", Optional.empty());
        optimisation.optimizer("optimizer", "adamw_torch_fused");
        optimisation.decimal("weight_decay", "train.weightDecay", Decimal.ZERO);
        optimisation.decimal("max_grad_norm", "train.maxGradNorm", ONE);
        optimisation.scheduler("lr_scheduler", "cosine");
        optimisation.fixed("adam_beta1", "0.9");
        optimisation.fixed("adam_beta2", "0.999");
        optimisation.fixed("adam_epsilon", "1e-8");
        optimisation.seed("seed");
    }

    private void checkpointing() {
        var value = sheet.text("gradient_checkpointing");
        boolean on = value.map(text -> !text.equals("false")).orElse(false);
        sheet.maps(key("gradient_checkpointing"), "train.gradCheckpointing", on);
    }

    private void precision() {
        var half = sheet.text("bf16").orElse("auto");
        var other = sheet.text("bfloat16").orElse("false");
        boolean fp16 = sheet.flag("fp16");
        boolean float16 = sheet.flag("float16");
        boolean float32 = sheet.flag("float32");
        if (float32) {
            sheet.maps("float32", "train.dtype", "float32");
        } else if (fp16 || float16) {
            sheet.maps(fp16 ? "fp16" : "float16", "train.dtype", "float32");
            inputs.note("float16 became float32, which holds all its values: no trainer scales losses");
        } else {
            boolean on = !half.equals("false") || other.equals("true");
            sheet.maps(sheet.has("bf16") ? "bf16" : key("bfloat16"), "train.dtype", on ? "bfloat16" : "float32");
        }
    }

    private void length(OptionalLong rows, boolean packing, int rowsPerStep) {
        var held = course.heldOut("val_set_size", sheet.decimal("val_set_size").orElse(Decimal.ZERO), rows);
        var epochs = sheet.decimal("num_epochs").orElse(ONE);
        course.length(new Course.Length(
                "max_steps",
                sheet.whole("max_steps"),
                "num_epochs",
                epochs,
                packing,
                Course.without(rows, held),
                rowsPerStep,
                false));
        warmup();
        var interval = interval(epochs);
        boolean evaluates = held.compareTo(Decimal.ZERO) > 0 || inputs.hasEvalFile();
        course.borders(
                sheet.has("eval_steps") ? "eval_steps" : "evals_per_epoch",
                evaluates ? Optional.of(interval) : Optional.empty(),
                sheet.whole("early_stopping_patience"),
                "early_stopping_patience");
    }

    private void warmup() {
        var steps = sheet.whole("warmup_steps");
        var ratio = sheet.decimal("warmup_ratio");
        if (!optimisation.warms()) {
            steps.ifPresent(_ -> sheet.drops("warmup_steps", "lr_scheduler: constant does not warm up"));
            ratio.ifPresent(_ -> sheet.drops("warmup_ratio", "lr_scheduler: constant does not warm up"));
            return;
        }
        int count = steps.orElseGet(() -> ratio.map(share -> course.share(share, RoundingMode.DOWN))
                .orElseGet(() -> Math.min(course.share(new Decimal("0.03"), RoundingMode.DOWN), 100)));
        course.warmup(steps.isPresent() ? "warmup_steps" : key("warmup_ratio"), count == 1 ? 2 : count);
        if (steps.isPresent() && ratio.isPresent()) {
            sheet.drops("warmup_ratio", "warmup_steps says how long");
        }
    }

    /** Steps between evaluations; a fraction is a share of all steps. */
    private int interval(Decimal epochs) {
        var steps = sheet.decimal("eval_steps");
        var perEpoch = sheet.whole("evals_per_epoch").filter(count -> count > 0);
        if (steps.filter(every -> every.compareTo(Decimal.ZERO) > 0).isPresent()) {
            var every = steps.get().number();
            return Math.max(
                    every.compareTo(BigDecimal.ONE) < 0
                            ? course.share(steps.get(), RoundingMode.HALF_UP)
                            : every.setScale(0, RoundingMode.HALF_UP).intValue(),
                    1);
        }
        var evaluations =
                epochs.number().multiply(BigDecimal.valueOf(perEpoch.orElse(1))).max(BigDecimal.ONE);
        return Math.max(
                BigDecimal.valueOf(course.steps())
                        .divide(evaluations, 0, RoundingMode.HALF_UP)
                        .intValue(),
                1);
    }

    private void outputs() {
        if (sheet.flag("merge_lora")) {
            sheet.maps("merge_lora", "outputs.merged", true);
        }
        sheet.take("special_tokens").ifPresent(tokens -> {
            boolean padding = tokens.size() == 1 && tokens.has("pad_token");
            if (padding) {
                sheet.drops("special_tokens", "padding is never learned");
            } else {
                sheet.refuses("special_tokens", "the base's own tokens", "put them into the base's tokenizer files");
            }
        });
    }
}
