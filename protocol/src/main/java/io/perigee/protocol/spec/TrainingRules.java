package io.perigee.protocol.spec;

import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Decimal;
import java.util.regex.Pattern;

/** The rules of what is trained, on what, and what comes of it. */
final class TrainingRules {
    private static final Pattern TARGET = Pattern.compile(SpecLimits.TARGET_FORM);
    private static final Decimal ONE = new Decimal("1");

    private final Findings found;

    TrainingRules(Findings found) {
        this.found = found;
    }

    void check(JobSpec spec) {
        if (spec.method() != null) {
            method(spec.method());
        }
        if (spec.train() != null) {
            train(spec.train());
        }
        segments(spec);
        data(spec);
        evaluate(spec);
        outputs(spec);
    }

    private void method(JobSpec.Method method) {
        switch (method.kind()) {
            case LORA, RSLORA, DORA, QLORA -> {
                found.range("method.r", method.r(), 1, SpecLimits.RANK, "8 or 16 is usual");
                found.range("method.alpha", method.alpha(), 1, SpecLimits.ALPHA, "twice r is usual");
                found.decimal("method.dropout", method.dropout(), Decimal.ZERO, ONE, false, "0.0 switches it off");
                found.each(
                        "method.targets",
                        method.targets(),
                        1,
                        SpecLimits.TARGETS,
                        "for example [q_proj, v_proj]",
                        TARGET,
                        "a module name such as q_proj");
            }
            case FULL -> {
                noAdapter("method.r", method.r() == 0, Integer.toString(method.r()));
                noAdapter("method.alpha", method.alpha() == 0, Integer.toString(method.alpha()));
                noAdapter(
                        "method.dropout",
                        method.dropout().equals(Decimal.ZERO),
                        method.dropout().value());
                noAdapter("method.targets", method.targets().isEmpty(), "some");
            }
        }
    }

    private void noAdapter(String path, boolean holds, String actual) {
        found.require(path, holds, "nothing, as kind 'full' has no adapter", actual, "remove it, or choose kind lora");
    }

    private void train(JobSpec.Train train) {
        found.range("train.steps", train.steps(), 1, SpecLimits.STEPS, "optimiser steps of the whole job");
        found.range("train.microBatch", train.microBatch(), 1, SpecLimits.BATCH, "sequences per forward pass");
        found.range("train.gradAccum", train.gradAccum(), 1, SpecLimits.BATCH, "1 switches accumulation off");
        found.range("train.seqLen", train.seqLen(), SpecLimits.SEQ_LEN_MIN, SpecLimits.SEQ_LEN, "tokens per sequence");
        found.aboveZero("train.lr", train.lr(), ONE, "\"2e-4\" is usual for LoRA");
        found.range(
                "train.warmupSteps", train.warmupSteps(), 0, Math.max(train.steps(), 0), "at most as many as steps");
        found.range("train.seed", train.seed(), 0, SpecLimits.SEED, "any number; the same seed gives the same result");
        found.decimal(
                "train.weightDecay",
                train.weightDecay(),
                Decimal.ZERO,
                whole(SpecLimits.WEIGHT_DECAY),
                true,
                "0 switches it off; \"0.01\" is usual");
        found.decimal(
                "train.maxGradNorm",
                train.maxGradNorm(),
                Decimal.ZERO,
                whole(SpecLimits.GRAD_NORM),
                true,
                "0 does not clip; \"1.0\" is usual");
        objective(train);
        units(train);
    }

    private void objective(JobSpec.Train train) {
        switch (train.objective()) {
            case SFT ->
                found.require(
                        "train.dpoBeta",
                        train.dpoBeta().equals(Decimal.ZERO),
                        "nothing, as the objective is sft",
                        train.dpoBeta().value(),
                        "remove it, or write objective: dpo");
            case DPO -> {
                found.aboveZero("train.dpoBeta", train.dpoBeta(), whole(SpecLimits.DPO_BETA), "\"0.1\" is usual");
                found.require(
                        "train.lossOn",
                        train.lossOn() == LossOn.COMPLETIONS,
                        "'completions', as the objective is dpo",
                        train.lossOn().wire(),
                        "a preference is between two answers to one prompt");
                found.require(
                        "train.packing",
                        !train.packing(),
                        "false, as the objective is dpo",
                        "true",
                        "pairs are not packed");
            }
        }
    }

    private void units(JobSpec.Train train) {
        double units = (double) train.steps() * train.microBatch() * train.gradAccum() * train.seqLen();
        found.require(
                "train",
                units <= SpecLimits.UNITS,
                "at most 10^15 tokens in all",
                "more",
                "steps · microBatch · gradAccum · seqLen");
    }

    private void segments(JobSpec spec) {
        if (spec.segments() == null) {
            return;
        }
        var train = spec.train();
        if (train == null) {
            withoutTrain("segments", "borders are counted in train.steps");
            return;
        }
        int per = spec.segments().stepsPerSegment();
        found.range("segments.stepsPerSegment", per, 1, Math.max(train.steps(), 1), "at most as many as train.steps");
        if (per >= 1 && train.steps() >= 1) {
            int replicas = spec.verification().replicas();
            int most = SpecLimits.borders(replicas);
            found.require(
                    "segments.stepsPerSegment",
                    spec.borders() <= most,
                    "at most %d borders with %d replicas".formatted(most, replicas),
                    spec.borders() + " borders",
                    "make segments longer");
        }
    }

    private void data(JobSpec spec) {
        var data = spec.data();
        var train = spec.train();
        if (data == null) {
            found.require(
                    "data",
                    train == null || spec.dataset().isEmpty(),
                    "a data section, as there are train and dataset",
                    "nothing",
                    "write data: {format: auto}");
            return;
        }
        if (train == null) {
            withoutTrain("data", "only trainers read it");
            return;
        }
        found.require(
                "dataset", !spec.dataset().isEmpty(), "a dataset, as there is a data section", "nothing", "name one");
        found.range("data.maxBadRows", data.maxBadRows(), 0, SpecLimits.BAD_ROWS, "0 takes good rows only");
        found.decimal(
                "data.heldOut",
                data.heldOut(),
                Decimal.ZERO,
                new Decimal(SpecLimits.HELD_OUT),
                true,
                "a share of the rows, such as \"0.05\"");
        evalFile(data);
        boolean pairs = train.objective() == Objective.DPO;
        found.require(
                "data.format",
                data.format() == DataFormat.AUTO || pairs == (data.format() == DataFormat.PREFERENCE),
                pairs ? "'auto' or 'preference', as the objective is dpo" : "rows without preferences",
                data.format().wire(),
                pairs ? "rows of prompt, chosen and rejected" : "write objective: dpo for preference pairs");
    }

    private void evalFile(JobSpec.Data data) {
        var path = data.evalFile();
        if (path.isEmpty()) {
            return;
        }
        boolean safe = true;
        try {
            FileEntry.requireSafe(path);
        } catch (InvalidValue _) {
            safe = false;
        }
        found.require("data.evalFile", safe, "a file's path inside the dataset", path, "for example eval.jsonl");
        found.require(
                "data.heldOut",
                data.heldOut().equals(Decimal.ZERO),
                "0, as data.evalFile is given",
                data.heldOut().value(),
                "hold rows out, or name a file of them");
    }

    private void evaluate(JobSpec spec) {
        var data = spec.data();
        var evaluate = spec.evaluate();
        if (evaluate == null) {
            found.require(
                    "evaluate",
                    data == null || !data.evaluates(),
                    "an evaluate section, as rows are held out",
                    "nothing",
                    "write evaluate: {every: 1}");
            return;
        }
        if (data == null) {
            found.require("evaluate", false, "no evaluate section without a dataset", "evaluate", "name a dataset");
            return;
        }
        // not at "evaluate": a share that could not be read is blamed already, and only once
        found.require(
                "data.heldOut",
                data.evaluates(),
                "a share above 0, or data.evalFile, as there is an evaluate section",
                data.heldOut().value(),
                "evaluation needs rows that are not trained on");
        found.range("evaluate.every", evaluate.every(), 1, SpecLimits.BORDERS, "segments between evaluations");
        found.range("evaluate.earlyStop", evaluate.earlyStop(), 0, SpecLimits.EARLY_STOP, "0 never stops early");
    }

    private void outputs(JobSpec spec) {
        var outputs = spec.outputs();
        if (spec.train() == null) {
            if (outputs != null) {
                withoutTrain("outputs", "an image of your own writes what it likes");
            }
            return;
        }
        found.require(
                "outputs",
                outputs != null,
                "an outputs section",
                "nothing",
                "write outputs: {merged: false, gguf: []}");
        if (outputs != null) {
            found.distinct(
                    "outputs.gguf",
                    outputs.gguf().stream().map(GgufFormat::wire).toList());
        }
    }

    private void withoutTrain(String section, String hint) {
        found.require(section, false, "no %s without a train section".formatted(section), section, hint);
    }

    private static Decimal whole(int number) {
        return new Decimal(Integer.toString(number));
    }
}
