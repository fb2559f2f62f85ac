package io.perigee.protocol.spec;

import io.perigee.protocol.id.Decimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the trainers of this release take of what a spec can say, so that a job is refused when it is submitted and not
 * after somebody has downloaded its inputs. A trainer without an entry takes everything; the trainer refuses with exit
 * code 64 whatever came past this table.
 */
public final class TrainerAbilities {
    private static final String STRICT_HINT = "trainer: strict does no more; trainer: lora does";

    /**
     * One restriction.
     *
     * @param takes what may stand there, for people
     */
    public record Limit(String path, String takes, Predicate<JobSpec> holds, Function<JobSpec, String> actual) {}

    private static final List<Limit> STRICT = List.of(
            oneOf("method.kind", spec -> method(spec).kind(), MethodKind::wire, MethodKind.LORA),
            atMost("method.dropout", "0.95", spec -> method(spec).dropout()),
            targets("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
            atMost("train.seqLen", "32768", spec -> whole(train(spec).seqLen())),
            new Limit(
                    "train.gradAccum",
                    "at most 65536 rows a step, microBatch · gradAccum",
                    spec -> rows(spec) <= 65_536,
                    spec -> rows(spec) + " rows"),
            oneOf("train.dtype", spec -> train(spec).dtype(), Dtype::wire, Dtype.FLOAT32),
            oneOf("train.objective", spec -> train(spec).objective(), Objective::wire, Objective.SFT),
            oneOf("train.lossOn", spec -> train(spec).lossOn(), LossOn::wire, LossOn.COMPLETIONS),
            oneOf("train.optimizer", spec -> train(spec).optimizer(), Optimizer::wire, Optimizer.ADAMW),
            only("train.weightDecay", "0", spec -> train(spec).weightDecay().value()),
            only("train.maxGradNorm", "0", spec -> train(spec).maxGradNorm().value()),
            only("train.packing", "false", spec -> Boolean.toString(train(spec).packing())),
            only(
                    "train.gradCheckpointing",
                    "false",
                    spec -> Boolean.toString(train(spec).gradCheckpointing())),
            oneOf(
                    "data.format",
                    spec -> data(spec).format(),
                    DataFormat::wire,
                    DataFormat.AUTO,
                    DataFormat.PROMPT,
                    DataFormat.MESSAGES,
                    DataFormat.TEXT),
            only("data.maxBadRows", "0", spec -> Integer.toString(data(spec).maxBadRows())),
            only("data.heldOut", "0", spec -> data(spec).heldOut().value()),
            only("data.evalFile", "\"\"", spec -> "\"%s\"".formatted(data(spec).evalFile())),
            only("evaluate", "nothing", spec -> spec.evaluate() == null ? "nothing" : "an evaluate section"),
            only(
                    "outputs.merged",
                    "false",
                    spec -> Boolean.toString(outputs(spec).merged())),
            only("outputs.gguf", "[]", spec -> outputs(spec).gguf().stream()
                    .map(GgufFormat::wire)
                    .toList()
                    .toString()));

    private TrainerAbilities() {}

    /** Where this trainer takes less than a spec can say; nothing when it takes all, or is not known here. */
    public static List<Limit> limits(String trainer) {
        return trainer.equals("strict") ? STRICT : List.of();
    }

    /** Notes what the spec's trainer cannot do; sections that lack are blamed elsewhere. */
    static void check(JobSpec spec, Findings found) {
        if (spec.method() == null || spec.train() == null || spec.data() == null || spec.outputs() == null) {
            return;
        }
        for (var limit : limits(spec.trainer())) {
            found.require(
                    limit.path(),
                    limit.holds().test(spec),
                    "%s, as trainer '%s' takes".formatted(limit.takes(), spec.trainer()),
                    limit.actual().apply(spec),
                    STRICT_HINT);
        }
    }

    @SafeVarargs
    private static <E extends Enum<E>> Limit oneOf(
            String path, Function<JobSpec, E> value, Function<E, String> wire, E... taken) {
        return new Limit(
                path,
                Arrays.stream(taken).map(wire).collect(Collectors.joining(", ")),
                spec -> List.of(taken).contains(value.apply(spec)),
                value.andThen(wire));
    }

    private static Limit only(String path, String taken, Function<JobSpec, String> value) {
        return new Limit(path, taken, spec -> value.apply(spec).equals(taken), value);
    }

    private static Limit atMost(String path, String most, Function<JobSpec, Decimal> value) {
        return new Limit(
                path,
                "at most " + most,
                spec -> value.apply(spec).compareTo(new Decimal(most)) <= 0,
                value.andThen(Decimal::value));
    }

    private static Limit targets(String... known) {
        var all = List.of(known);
        return new Limit(
                "method.targets",
                String.join(", ", all),
                spec -> all.containsAll(method(spec).targets()),
                spec -> String.join(
                        ", ",
                        method(spec).targets().stream()
                                .filter(target -> !all.contains(target))
                                .toList()));
    }

    private static long rows(JobSpec spec) {
        return (long) train(spec).microBatch() * train(spec).gradAccum();
    }

    private static Decimal whole(int number) {
        return new Decimal(Integer.toString(number));
    }

    private static JobSpec.Method method(JobSpec spec) {
        return Objects.requireNonNull(spec.method(), "method");
    }

    private static JobSpec.Train train(JobSpec spec) {
        return Objects.requireNonNull(spec.train(), "train");
    }

    private static JobSpec.Data data(JobSpec spec) {
        return Objects.requireNonNull(spec.data(), "data");
    }

    private static JobSpec.Outputs outputs(JobSpec spec) {
        return Objects.requireNonNull(spec.outputs(), "outputs");
    }
}
