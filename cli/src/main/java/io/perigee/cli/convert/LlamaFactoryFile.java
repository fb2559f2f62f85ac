package io.perigee.cli.convert;

import io.perigee.protocol.id.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** LLaMA-Factory's arguments, key by key; the defaults are its own and transformers'. */
final class LlamaFactoryFile {
    private static final KeyTable KEYS = KeyTable.read("llamafactory.keys");
    private static final List<String> ADAPTER_KEYS =
            List.of("lora_rank", "lora_alpha", "lora_dropout", "lora_target", "use_rslora", "use_dora");

    private final Sheet sheet;
    private final Inputs inputs;
    private final Optimisation optimisation;
    private final Course course;

    LlamaFactoryFile(Sheet sheet, Inputs inputs) {
        this.sheet = sheet;
        this.inputs = inputs;
        this.optimisation = new Optimisation(sheet);
        this.course = new Course(sheet, inputs.place());
    }

    void read() {
        inputs.base("model_name_or_path");
        var stage = stage();
        var rows = new LlamaFactoryDatasets(sheet, inputs).read(stage);
        method();
        int micro = sheet.whole("per_device_train_batch_size").orElse(8);
        int accumulation = sheet.whole("gradient_accumulation_steps").orElse(1);
        sheet.maps(key("per_device_train_batch_size"), "train.microBatch", micro);
        sheet.maps(key("gradient_accumulation_steps"), "train.gradAccum", accumulation);
        sheet.maps(key("cutoff_len"), "train.seqLen", sheet.whole("cutoff_len").orElse(2048));
        optimisation();
        boolean packing = packing(stage);
        sheet.maps(
                key("disable_gradient_checkpointing"),
                "train.gradCheckpointing",
                !sheet.flag("disable_gradient_checkpointing"));
        sheet.take("gradient_checkpointing")
                .ifPresent(_ -> sheet.drops("gradient_checkpointing", "disable_gradient_checkpointing decides"));
        precision();
        length(rows, packing, Math.multiplyExact(Math.max(micro, 1), Math.max(accumulation, 1)));
        sheet.rest(KEYS);
    }

    private String key(String name) {
        return sheet.has(name) ? name : "";
    }

    private String stage() {
        var stage = sheet.text("stage").orElse("sft");
        if (!List.of("sft", "dpo", "pt").contains(stage)) {
            sheet.refuses("stage", "sft, dpo or pt", "only supervised training and DPO are done");
        }
        boolean dpo = stage.equals("dpo");
        sheet.maps(key("stage"), "train.objective", dpo ? "dpo" : "sft");
        var beta = sheet.decimal("pref_beta");
        var loss = sheet.text("pref_loss").orElse("sigmoid");
        if (dpo) {
            sheet.maps(key("pref_beta"), "train.dpoBeta", beta.orElse(new Decimal("0.1")));
            if (!loss.equals("sigmoid")) {
                sheet.refuses("pref_loss", "sigmoid", "DPO is the sigmoid loss here");
            }
            sheet.drops("pref_loss", "what dpo means");
        } else {
            sheet.drops("pref_beta", "belongs to a stage that is off in this file");
            sheet.drops("pref_loss", "belongs to a stage that is off in this file");
        }
        boolean all = sheet.flag("train_on_prompt") || stage.equals("pt");
        if (dpo) {
            sheet.drops("train_on_prompt", "a preference is between answers");
        } else {
            sheet.maps(key("train_on_prompt"), "train.lossOn", all ? "all" : "completions");
        }
        return stage;
    }

    private void method() {
        var type = sheet.text("finetuning_type").orElse("lora");
        boolean four = quantised();
        if (type.equals("full")) {
            sheet.maps("finetuning_type", "method.kind", "full");
            if (four) {
                sheet.refuses("quantization_bit", "an adapter on a quantised base", "finetuning_type: lora");
            }
            for (var unused : ADAPTER_KEYS) {
                sheet.take(unused).ifPresent(_ -> sheet.drops(unused, "no adapter is trained"));
            }
            return;
        }
        if (!type.equals("lora")) {
            sheet.refuses("finetuning_type", "lora or full", "another method is another training");
            return;
        }
        int r = sheet.whole("lora_rank").orElse(8);
        new Adapter(
                        r,
                        sheet.whole("lora_alpha").orElse(2 * r),
                        sheet.flag("use_rslora"),
                        sheet.flag("use_dora"),
                        four,
                        "use_rslora",
                        "use_dora")
                .note(sheet, key("finetuning_type"), key("lora_rank"), key("lora_alpha"));
        sheet.maps(
                key("lora_dropout"),
                "method.dropout",
                sheet.decimal("lora_dropout").orElse(Decimal.ZERO));
        var named = sheet.texts("lora_target");
        boolean all = named.isEmpty() || named.equals(List.of("all"));
        if (!all && named.stream().anyMatch(name -> !name.matches("[A-Za-z0-9_.]{1,64}"))) {
            sheet.refuses("lora_target", "names of modules", "patterns are not read; write the names out");
        } else {
            sheet.maps(key("lora_target"), "method.targets", all ? Adapter.linearLayers(inputs.modelType()) : named);
        }
    }

    /** Whether the base is held in 4 bits. */
    private boolean quantised() {
        var bits = sheet.whole("quantization_bit");
        var how = sheet.text("quantization_method").orElse("bnb");
        var type = sheet.text("quantization_type").orElse("nf4");
        boolean twice = !sheet.has("double_quantization") || sheet.flag("double_quantization");
        if (bits.isEmpty()) {
            for (var unused : List.of("quantization_method", "quantization_type", "double_quantization")) {
                sheet.drops(unused, "the base is not quantised");
            }
            return false;
        }
        if (!List.of("bnb", "bitsandbytes").contains(how) || bits.get() != 4 && bits.get() != 8) {
            sheet.refuses(
                    "quantization_bit", "4 or 8 bits by bitsandbytes", "another quantised base is another training");
            return false;
        }
        if (bits.get() == 8) {
            sheet.drops(
                    "quantization_bit",
                    "the base stays in train.dtype, of which 8 bits are an approximation that saves memory");
            return false;
        }
        if (!type.equals("nf4") || !twice) {
            sheet.refuses(
                    type.equals("nf4") ? "double_quantization" : "quantization_type",
                    "nf4 with double quantisation",
                    "that is the one 4-bit base there is");
        }
        sheet.maps("quantization_bit", "method.kind", "qlora");
        for (var same : List.of("quantization_method", "quantization_type", "double_quantization")) {
            sheet.drops(same, "what qlora means");
        }
        return true;
    }

    private void optimisation() {
        optimisation.rate("learning_rate", Optional.of(new Decimal("0.00005")));
        optimisation.optimizer("optim", "adamw_torch");
        optimisation.decimal("weight_decay", "train.weightDecay", Decimal.ZERO);
        optimisation.decimal("max_grad_norm", "train.maxGradNorm", new Decimal("1"));
        optimisation.scheduler("lr_scheduler_type", "linear");
        optimisation.fixed("adam_beta1", "0.9");
        optimisation.fixed("adam_beta2", "0.999");
        optimisation.fixed("adam_epsilon", "1e-8");
        optimisation.seed("seed");
    }

    private boolean packing(String stage) {
        boolean neat = sheet.flag("neat_packing");
        boolean packing = sheet.has("packing") ? sheet.flag("packing") : neat || stage.equals("pt");
        sheet.maps(key(neat ? "neat_packing" : "packing"), "train.packing", packing);
        if (neat) {
            sheet.drops("packing", "neat_packing says the same");
        } else if (packing) {
            inputs.note("packing: packed rows are blind to each other here, as with neat_packing");
        }
        return packing;
    }

    private void precision() {
        boolean half = sheet.flag("bf16");
        boolean pure = sheet.flag("pure_bf16");
        boolean fp16 = sheet.flag("fp16");
        if (half || pure) {
            sheet.maps(half ? "bf16" : "pure_bf16", "train.dtype", "bfloat16");
            if (half) {
                sheet.drops("pure_bf16", "bf16 decides");
            } else {
                inputs.note("pure_bf16: the adapter itself is held in float32");
            }
            sheet.drops("fp16", "bf16 decides");
            return;
        }
        sheet.maps(key(fp16 ? "fp16" : "bf16"), "train.dtype", "float32");
        if (fp16) {
            inputs.note("float16 became float32, which holds all its values: no trainer scales losses");
        }
    }

    private void length(OptionalLong rows, boolean packing, int rowsPerStep) {
        var held = course.heldOut("val_size", sheet.decimal("val_size").orElse(Decimal.ZERO), rows);
        course.length(new Course.Length(
                "max_steps",
                sheet.whole("max_steps"),
                "num_train_epochs",
                sheet.decimal("num_train_epochs").orElse(new Decimal("3")),
                packing,
                Course.without(rows, held),
                rowsPerStep,
                true));
        warmup();
        int interval = interval();
        course.borders(
                "eval_steps",
                held.compareTo(Decimal.ZERO) > 0 ? Optional.of(interval) : Optional.empty(),
                sheet.whole("early_stopping_steps"),
                "early_stopping_steps");
    }

    /** Both are shares when below one; the number of steps wins. */
    private void warmup() {
        var steps = sheet.decimal("warmup_steps").filter(count -> count.compareTo(Decimal.ZERO) > 0);
        var ratio = sheet.decimal("warmup_ratio");
        if (!optimisation.warms()) {
            sheet.drops("warmup_steps", "lr_scheduler_type: constant does not warm up");
            sheet.drops("warmup_ratio", "lr_scheduler_type: constant does not warm up");
            return;
        }
        if (steps.isPresent()) {
            boolean share = steps.get().compareTo(new Decimal("1")) < 0;
            course.warmup(
                    "warmup_steps",
                    share
                            ? course.share(steps.get(), RoundingMode.CEILING)
                            : steps.get().number().intValue());
            sheet.drops("warmup_ratio", "warmup_steps says how long");
            return;
        }
        course.warmup(
                key("warmup_ratio"),
                ratio.map(share -> course.share(share, RoundingMode.CEILING)).orElse(0));
    }

    private int interval() {
        var steps = sheet.decimal("eval_steps").orElse(new Decimal("500"));
        int count = steps.number().compareTo(BigDecimal.ONE) < 0
                ? course.share(steps, RoundingMode.HALF_UP)
                : steps.number().setScale(0, RoundingMode.HALF_UP).intValue();
        return Math.clamp(count, 1, Math.max(course.steps(), 1));
    }
}
