package io.perigee.trainers.strict.job;

import io.perigee.trainers.strict.failure.JobFailure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of a job one run does: start at checkpoint {@code from}, write the checkpoints up to {@code to}. */
public record Borders(int from, int to) {

    /** From PERIGEE_FROM and PERIGEE_TO; unset means the whole job. */
    public static Borders of(Map<String, String> environment, TrainingJob job) {
        int from = number(environment, "PERIGEE_FROM", 0, job.lastBorder());
        int to = number(environment, "PERIGEE_TO", job.lastBorder(), job.lastBorder());
        if (from > to) {
            throw bad("Expected PERIGEE_FROM to be at most PERIGEE_TO, but they are " + from + " and " + to + ".");
        }
        return new Borders(from, to);
    }

    private static int number(Map<String, String> environment, String name, int fallback, int last) {
        @Nullable String text = environment.get(name);
        if (text == null || text.isEmpty()) {
            return fallback;
        }
        if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) > last) {
            throw bad("Expected " + name + " to be a border from 0 to " + last + ", but it is '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    private static JobFailure bad(String message) {
        return JobFailure.spec(
                "BAD_BORDERS",
                message,
                "Borders count segments; the last one is train.steps / stepsPerSegment, rounded up.");
    }
}
