package io.perigee.cli.job;

import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.spec.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a quote foresees of a run, for people: its memory, its time, and where nobody has the memory, what would fit. */
final class Outlook {
    private Outlook() {}

    /** The peak by parts, the largest first. */
    static String memory(Estimate estimate) {
        var memory = estimate.memory();
        var parts = new ArrayList<>(List.of(
                Map.entry("weights", memory.weights()),
                Map.entry("gradients", memory.gradients()),
                Map.entry("optimizer", memory.optimizer()),
                Map.entry("activations", memory.activations()),
                Map.entry("logits", memory.logits()),
                Map.entry("workspace", memory.workspace())));
        parts.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        return "about %s at the peak: %s"
                .formatted(
                        Words.bytes(memory.total()),
                        parts.stream()
                                .filter(part -> part.getValue() > 0)
                                .map(part -> "%s %s".formatted(part.getKey(), Words.bytes(part.getValue())))
                                .collect(Collectors.joining(", ")));
    }

    static String required(Estimate estimate) {
        return "%s of a provider: the estimate may be a tenth too low".formatted(Words.bytes(estimate.required()));
    }

    /** The range over the offers that fit. */
    static String time(List<Candidate> candidates) {
        var known = candidates.stream()
                .map(Candidate::seconds)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        int unknown = candidates.size() - known.size();
        if (known.isEmpty()) {
            return "unknown: no offer that fits says how fast it runs this trainer";
        }
        var least = time(known.getFirst());
        var most = time(known.getLast());
        return (least.equals(most) ? "about " + least : "about %s to %s".formatted(least, most))
                + " for one run by the speed of %s, loading not counted".formatted(offers(known.size()))
                + (unknown == 0 ? "" : "; unknown for " + offers(unknown));
    }

    static String time(Candidate candidate) {
        var seconds = candidate.seconds();
        return seconds == null ? "unknown" : time(seconds);
    }

    /** Empty when the job fits somewhere. */
    static List<String> whatWouldFit(Ink ink, @Nullable Estimate estimate, JobSpec spec) {
        var train = spec.train();
        var largest = estimate == null ? null : estimate.largest();
        if (largest == null || train == null) {
            return List.of();
        }
        var table = new Table(
                ink,
                "too little memory now; roomiest class",
                ">memory",
                ">microBatch at seqLen " + train.seqLen(),
                ">seqLen at microBatch " + train.microBatch());
        table.row(
                largest.kind() + "  "
                        + ink.dim(Words.brief(largest.numericClass().value())),
                Words.bytes(largest.memory()),
                atMost(largest.microBatch()),
                atMost(largest.seqLen()));
        return table.lines("  ");
    }

    private static String atMost(int number) {
        return number == 0 ? "none" : "up to " + number;
    }

    private static String time(long seconds) {
        return Words.duration(Duration.ofSeconds(seconds));
    }

    private static String offers(int count) {
        return count == 1 ? "1 offer" : count + " offers";
    }
}
