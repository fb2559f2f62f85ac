package io.perigee.api.job;

import io.perigee.api.artifact.BaseShapes;
import io.perigee.api.artifact.Bases;
import io.perigee.api.problem.Refused;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stage 1 for orders of one builder that share a commit: each is judged as if it came alone, and what they are judged by is
 * read once. Blocks: to check a thousand signatures takes a while.
 */
@Singleton
final class OrderIntake {
    private static final Duration READING = Duration.ofSeconds(3);

    /** One that asks for a job under a key. */
    record Asked(String key, SubmitRequest request, String trace) {}

    /** What becomes of it. */
    sealed interface Outcome {
        /** A new job. */
        record Taken(JobBook.Submission submission) implements Outcome {}

        /** The same request was made under the key before. */
        record Replayed(String key, JobId job) implements Outcome {}

        record No(Refused refused) implements Outcome {}
    }

    private final BatchBook book;
    private final Bases bases;
    private final OrderRules rules;
    private final Intake intake;
    private final KnownSpecs specs;

    OrderIntake(BatchBook book, Bases bases, OrderRules rules, Intake intake, KnownSpecs specs) {
        this.book = book;
        this.bases = bases;
        this.rules = rules;
        this.intake = intake;
        this.specs = specs;
    }

    /** What becomes of each, in the same order. A key may be among them several times. */
    List<Outcome> take(Address builder, List<Asked> asked, Instant now) {
        return new Round(builder, asked, now).outcomes();
    }

    /** Those that share a commit, on their way. */
    private final class Round {
        private final Address builder;
        private final List<Asked> asked;
        private final Instant now;
        private final @Nullable Outcome[] outcomes;
        private final Map<Integer, String> hashes = new HashMap<>();
        private final WrongChain wrongChain = new WrongChain();
        private final BaseShapes shapes = new BaseShapes(bases, READING);

        Round(Address builder, List<Asked> asked, Instant now) {
            this.builder = builder;
            this.asked = asked;
            this.now = now;
            this.outcomes = new Outcome[asked.size()];
        }

        List<Outcome> outcomes() {
            var firsts = firsts();
            if (!firsts.isEmpty()) {
                var look = book.look(
                        builder,
                        firsts.keySet(),
                        firsts.values().stream()
                                .map(place -> asked.get(place).request().spec())
                                .toList());
                look.earlier().forEach((key, earlier) -> {
                    int place = Objects.requireNonNull(firsts.remove(key));
                    outcomes[place] = replay(place, earlier);
                });
                store(judged(List.copyOf(firsts.values()), look.situation(), look.room()));
            }
            repeated();
            return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
        }

        /** Where each key is used for the first time here. */
        private Map<String, Integer> firsts() {
            var firsts = new LinkedHashMap<String, Integer>();
            for (int place = 0; place < asked.size(); place++) {
                var request = asked.get(place).request();
                try {
                    hashes.put(
                            place,
                            Intake.bodyHash(request, specs.of(request.spec()).canonical()));
                    firsts.putIfAbsent(asked.get(place).key(), place);
                } catch (InvalidValue invalid) {
                    outcomes[place] = malformed(invalid);
                }
            }
            return firsts;
        }

        /** What may become jobs, by place. What one of them may cost is no longer free for those after it. */
        private Map<Integer, JobBook.Submission> judged(List<Integer> places, JobBook.Situation situation, int room) {
            var judged = new LinkedHashMap<Integer, JobBook.Submission>();
            var free = situation.available();
            var orders = new HashSet<JobId>();
            for (int place : places) {
                var request = asked.get(place).request();
                try {
                    var base = judge(request, situation.with(free));
                    if (!orders.add(request.order().jobId())) {
                        throw orderUsed(request.order().jobId());
                    }
                    if (judged.size() >= room) {
                        throw tooManyWait(builder);
                    }
                    free = free.minus(request.order().maxPayment());
                    judged.put(
                            place,
                            intake.submission(
                                    builder,
                                    asked.get(place).key(),
                                    hash(place),
                                    request,
                                    base,
                                    asked.get(place).trace(),
                                    now));
                } catch (Refused refused) {
                    outcomes[place] = new Outcome.No(refused);
                } catch (InvalidValue invalid) {
                    outcomes[place] = malformed(invalid);
                }
            }
            return judged;
        }

        /**
         * Refuses by throwing; the shape of the base when it does not. What is to be read for it is read last: nobody who may
         * not order has anything read.
         */
        private @Nullable ModelShape judge(SubmitRequest request, JobBook.Situation situation) {
            var spec = request.spec();
            var known = specs.of(spec);
            known.check(rules);
            rules.order(request, known.hash(), builder, wrongChain, now);
            rules.check(
                    spec,
                    builder,
                    situation,
                    () -> known.maximum(builder, situation.offers().live(), () -> maximum(spec, situation)));
            return shapes.of(spec);
        }

        private Amount maximum(JobSpec spec, JobBook.Situation situation) {
            var run = RunEstimate.of(shapes.of(spec), spec).orElse(null);
            return rules.maximum(spec, run, builder, situation, now);
        }

        private void store(Map<Integer, JobBook.Submission> judged) {
            if (judged.isEmpty()) {
                return;
            }
            var places = List.copyOf(judged.keySet());
            var stored = book.store(builder, List.copyOf(judged.values()));
            var used = new LinkedHashMap<String, Integer>();
            for (int i = 0; i < places.size(); i++) {
                int place = places.get(i);
                var submission = Objects.requireNonNull(judged.get(place));
                switch (stored.get(i)) {
                    case TAKEN -> outcomes[place] = new Outcome.Taken(submission);
                    case ORDER_USED ->
                        outcomes[place] = new Outcome.No(
                                orderUsed(submission.request().order().jobId()));
                    case KEY_USED -> used.put(submission.key(), place);
                }
            }
            if (!used.isEmpty()) {
                var earlier = book.earlier(builder, used.keySet());
                used.forEach((key, place) -> outcomes[place] = replay(place, earlier.get(key)));
            }
        }

        private Outcome replay(int place, BatchBook.@Nullable Earlier known) {
            var key = asked.get(place).key();
            if (known == null) {
                // its owner rolled back between two looks: whoever asks again will know
                return new Outcome.No(new Refused(
                        ErrorCode.UNAVAILABLE,
                        "Expected the key '%s' to be free or used, but it is in use".formatted(key)));
            }
            return hash(place).equals(known.bodyHash())
                    ? new Outcome.Replayed(key, known.job())
                    : new Outcome.No(Intake.mismatch(key));
        }

        /** Adds the places whose key was used before among these: the same request has the same answer. */
        private void repeated() {
            var first = new HashMap<String, Integer>();
            for (int place = 0; place < asked.size(); place++) {
                var key = asked.get(place).key();
                if (outcomes[place] == null) {
                    int original = Objects.requireNonNull(first.get(key));
                    outcomes[place] = hash(place).equals(hash(original))
                            ? again(Objects.requireNonNull(outcomes[original]))
                            : new Outcome.No(Intake.mismatch(key));
                } else if (hashes.containsKey(place)) {
                    first.putIfAbsent(key, place);
                }
            }
        }

        private String hash(int place) {
            return Objects.requireNonNull(hashes.get(place));
        }
    }

    private static Outcome again(Outcome first) {
        return first instanceof Outcome.Taken(var submission)
                ? new Outcome.Replayed(
                        submission.key(), submission.request().order().jobId())
                : first;
    }

    private static Outcome malformed(InvalidValue invalid) {
        return new Outcome.No(new Refused(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage())));
    }

    private static Refused tooManyWait(Address builder) {
        return new Refused(
                ErrorCode.RATE_LIMITED,
                "Expected no more jobs of '%s' to wait to be placed than this hub lets wait, but as many do; come again when some were placed, or cancel some: perigee explain says why one waits"
                        .formatted(builder));
    }

    private static Refused orderUsed(JobId job) {
        return new Refused(
                ErrorCode.REPLAYED_ORDER,
                "Expected a new order, but the order of job '%s' was submitted before".formatted(job));
    }
}
