package io.perigee.cli.convert;

import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.SpecLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;

/** How long a run is, where borders lie and when it is evaluated: what both tools say in epochs and shares. */
final class Course {
    private static final int USUAL_SEGMENT = 10;
    private static final int LONGEST_SEGMENT = 50;

    private final Sheet sheet;
    private final Surroundings place;
    private int steps;

    Course(Sheet sheet, Surroundings place) {
        this.sheet = sheet;
        this.place = place;
    }

    int steps() {
        return steps;
    }

    /**
     * Where the number of steps comes from.
     *
     * @param epochsKey the tool's key for {@code epochs}
     * @param rows of the training data, without those held out
     * @param wholeEpochs whether an epoch's last, smaller step is a step of its own
     */
    record Length(
            String stepsKey,
            Optional<Integer> maxSteps,
            String epochsKey,
            Decimal epochs,
            boolean packing,
            OptionalLong rows,
            int rowsPerStep,
            boolean wholeEpochs) {}

    void length(Length length) {
        if (place.request().steps().isPresent()) {
            set("--steps", place.request().steps().get());
            sheet.drops(length.epochsKey(), "--steps says how long");
            return;
        }
        if (length.maxSteps().filter(max -> max > 0).isPresent()) {
            set(length.stepsKey(), length.maxSteps().get());
            sheet.drops(length.epochsKey(), length.stepsKey() + " says how long");
            return;
        }
        if (length.packing()) {
            sheet.refuses(
                    length.epochsKey(),
                    "the number of steps, as an epoch of packed rows has as many as its tokens fill",
                    "--steps N, or %s in the file".formatted(length.stepsKey()));
            return;
        }
        if (length.rows().isEmpty()) {
            sheet.refuses(
                    length.epochsKey(),
                    "a dataset whose rows can be counted here, as a job is as long as its steps",
                    "--rows N, --dataset PATH, or --steps N");
            return;
        }
        var rows = BigDecimal.valueOf(length.rows().getAsLong());
        var perStep = BigDecimal.valueOf(length.rowsPerStep());
        var epochs = length.epochs().number();
        var count = length.wholeEpochs()
                ? rows.divide(perStep, 0, RoundingMode.CEILING).multiply(epochs)
                : rows.multiply(epochs).divide(perStep, 9, RoundingMode.CEILING);
        set(
                length.epochsKey(),
                count.setScale(0, RoundingMode.CEILING)
                        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                        .intValue());
    }

    private void set(String key, int count) {
        steps = Math.max(count, 1);
        sheet.maps(key, "train.steps", steps);
    }

    /** A share of the rows; a whole number above one is a number of rows. */
    Decimal heldOut(String key, Decimal size, OptionalLong rows) {
        if (size.compareTo(Decimal.ZERO) <= 0) {
            sheet.drops(key, "nothing is held out by it");
            return Decimal.ZERO;
        }
        var share = size.number();
        if (share.compareTo(BigDecimal.ONE) >= 0) {
            if (rows.isEmpty()) {
                sheet.refuses(
                        key, "a share of the rows, as nobody can count them here", "write it as 0.05, or add --rows N");
                return Decimal.ZERO;
            }
            share = share.divide(BigDecimal.valueOf(rows.getAsLong()), 6, RoundingMode.HALF_UP);
        }
        if (share.compareTo(new BigDecimal(SpecLimits.HELD_OUT)) > 0) {
            sheet.refuses(key, "at most half of the rows held out", "hold fewer out");
            return Decimal.ZERO;
        }
        sheet.maps(key, "data.heldOut", Decimal.of(share));
        return Decimal.of(share);
    }

    /** What is left of the rows when a share is held out. */
    static OptionalLong without(OptionalLong rows, Decimal heldOut) {
        return rows.isEmpty()
                ? rows
                : OptionalLong.of(rows.getAsLong()
                        - heldOut.number()
                                .multiply(BigDecimal.valueOf(rows.getAsLong()))
                                .setScale(0, RoundingMode.CEILING)
                                .longValue());
    }

    void warmup(String key, int count) {
        sheet.maps(key, "train.warmupSteps", Math.clamp(count, 0, Math.max(steps, 0)));
    }

    /** A share of the steps. */
    int share(Decimal ratio, RoundingMode rounding) {
        return ratio.number()
                .multiply(BigDecimal.valueOf(steps))
                .setScale(0, rounding)
                .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .intValue();
    }

    /**
     * Borders where evaluations fall on them.
     *
     * @param interval steps between evaluations, when anything is held out
     */
    void borders(String key, Optional<Integer> interval, Optional<Integer> patience, String patienceKey) {
        if (steps == 0) {
            return;
        }
        int least = Math.ceilDiv(steps, SpecLimits.BORDERS_OF_ANY);
        int usual = Math.min(steps, Math.max(USUAL_SEGMENT, least));
        int segment = interval.map(steps -> segment(Math.min(steps, this.steps), usual, least))
                .orElse(usual);
        sheet.maps(interval.isPresent() ? key : "", "segments.stepsPerSegment", segment);
        if (interval.isPresent()) {
            int every = Math.clamp(Math.round((float) interval.get() / segment), 1, SpecLimits.BORDERS);
            sheet.maps(key, "evaluate.every", every);
            patience.filter(count -> count > 0)
                    .ifPresent(count -> sheet.maps(patienceKey, "evaluate.earlyStop", count));
        } else {
            patience.ifPresent(_ -> sheet.drops(patienceKey, "nothing is evaluated"));
        }
    }

    /** The longest segment up to fifty steps that divides the interval. */
    private static int segment(int interval, int usual, int least) {
        for (int segment = Math.min(interval, LONGEST_SEGMENT); segment >= Math.max(least, 2); segment--) {
            if (interval % segment == 0) {
                return segment;
            }
        }
        return usual;
    }
}
