package io.perigee.api.job;

import io.perigee.api.artifact.Bases;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Ids;
import io.perigee.api.problem.Problems;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.Settings;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Stage 1 for many jobs at once: each is judged as if it came alone, what they are judged by is read once, and all that
 * are taken are stored in one commit. Blocks: checking a thousand signatures takes a while.
 */
@Singleton
public final class BatchIntake {
    private static final Duration READING = Duration.ofSeconds(10);

    private final BatchBook book;
    private final Bases bases;
    private final OrderRules rules;
    private final Intake intake;
    private final HubFacts hub;
    private final Ids ids;
    private final RateLimits limits;
    private final Settings.Limits settings;
    private final Clock clock;
    private final Semaphore atOnce;

    BatchIntake(
            BatchBook book,
            Bases bases,
            OrderRules rules,
            Intake intake,
            HubFacts hub,
            Ids ids,
            RateLimits limits,
            Settings settings,
            Clock clock) {
        this.book = book;
        this.bases = bases;
        this.rules = rules;
        this.intake = intake;
        this.hub = hub;
        this.ids = ids;
        this.limits = limits;
        this.settings = settings.api().limits();
        this.clock = clock;
        this.atOnce = new Semaphore(this.settings.batchesAtOnce());
    }

    BatchAnswer submit(Address builder, byte[] body, String trace) {
        if (!atOnce.tryAcquire()) {
            throw new Refused(
                    ErrorCode.UNAVAILABLE,
                    "Expected at most %d batches at once, but there are as many".formatted(settings.batchesAtOnce()));
        }
        try {
            var places = BatchReading.read(body);
            if (places.isEmpty() || places.size() > settings.batchJobs()) {
                throw new Refused(
                        ErrorCode.MALFORMED,
                        "Expected a batch of 1 to %d jobs, but it has %d"
                                .formatted(settings.batchJobs(), places.size()));
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            limits.count("batch " + builder, places.size(), settings.batchJobsPerMinute(), now);
            return new Batch(builder, trace, now, places).answer();
        } finally {
            atOnce.release();
        }
    }

    /** One batch on its way. */
    private final class Batch {
        private final Address builder;
        private final String trace;
        private final Instant now;
        private final List<BatchReading.Place> places;
        private final Map<Integer, SubmissionAnswer> answers = new HashMap<>();
        private final Map<Optional<ContentId>, Optional<ModelShape>> shapes = new HashMap<>();

        Batch(Address builder, String trace, Instant now, List<BatchReading.Place> places) {
            this.builder = builder;
            this.trace = trace;
            this.now = now;
            this.places = places;
        }

        BatchAnswer answer() {
            var hashes = new HashMap<Integer, String>();
            var firsts = firsts(hashes);
            var earlier = book.earlier(
                    builder, firsts.values().stream().map(KeyedSubmission::key).toList());
            firsts.entrySet().removeIf(each -> {
                var known = earlier.get(each.getValue().key());
                if (known != null) {
                    answers.put(each.getKey(), replay(each.getValue().key(), hash(hashes, each.getKey()), known));
                }
                return known != null;
            });
            store(judged(firsts, hashes));
            return new BatchAnswer(repeated(hashes));
        }

        /** The places whose key is used for the first time in this batch. */
        private Map<Integer, KeyedSubmission> firsts(Map<Integer, String> hashes) {
            var firsts = new LinkedHashMap<Integer, KeyedSubmission>();
            var keys = new HashSet<String>();
            for (int place = 0; place < places.size(); place++) {
                var refused = places.get(place).refused();
                var job = places.get(place).job();
                if (refused != null) {
                    refuse(place, refused);
                } else if (job != null) {
                    try {
                        hashes.put(place, Intake.bodyHash(job.request()));
                        if (keys.add(job.key())) {
                            firsts.put(place, job);
                        }
                    } catch (InvalidValue invalid) {
                        refuse(place, new Refused(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage())));
                    }
                }
            }
            return firsts;
        }

        /** What may become jobs, by place. What one of them may cost is no longer free for those after it. */
        private Map<Integer, JobBook.Submission> judged(
                Map<Integer, KeyedSubmission> jobs, Map<Integer, String> hashes) {
            var judged = new LinkedHashMap<Integer, JobBook.Submission>();
            if (jobs.isEmpty()) {
                return judged;
            }
            var specs = jobs.values().stream().map(job -> job.request().spec()).toList();
            var situation = book.situation(builder, specs);
            var free = situation.available();
            var orders = new HashSet<JobId>();
            for (var each : jobs.entrySet()) {
                var request = each.getValue().request();
                var spec = request.spec();
                try {
                    rules.check(request, builder, now);
                    var base = shape(spec);
                    rules.check(spec, RunEstimate.of(base, spec).orElse(null), builder, situation.with(free), now);
                    if (!orders.add(request.order().jobId())) {
                        throw orderUsed(request.order().jobId());
                    }
                    free = free.minus(request.order().maxPayment());
                    judged.put(
                            each.getKey(),
                            intake.submission(
                                    builder,
                                    each.getValue().key(),
                                    hash(hashes, each.getKey()),
                                    request,
                                    base,
                                    trace,
                                    now));
                } catch (Refused refused) {
                    refuse(each.getKey(), refused);
                } catch (InvalidValue invalid) {
                    refuse(each.getKey(), new Refused(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage())));
                }
            }
            return judged;
        }

        private @Nullable ModelShape shape(JobSpec spec) {
            return shapes.computeIfAbsent(
                            spec.baseId(), _ -> bases.shape(spec).await().atMost(READING))
                    .orElse(null);
        }

        private void store(Map<Integer, JobBook.Submission> judged) {
            if (judged.isEmpty()) {
                return;
            }
            var places = List.copyOf(judged.keySet());
            var stored = book.store(builder, List.copyOf(judged.values()));
            var taken = new LinkedHashMap<Integer, JobBook.Submission>();
            for (int i = 0; i < places.size(); i++) {
                var place = places.get(i);
                var submission = Objects.requireNonNull(judged.get(place));
                var job = submission.request().order().jobId();
                switch (stored.get(i)) {
                    case TAKEN -> answers.put(place, SubmissionAnswer.taken(submission.key(), job, false));
                    case ORDER_USED -> refuse(place, orderUsed(job));
                    case KEY_USED -> taken.put(place, submission);
                }
            }
            if (!taken.isEmpty()) {
                var earlier = book.earlier(
                        builder,
                        taken.values().stream().map(JobBook.Submission::key).toList());
                taken.forEach((place, submission) -> answers.put(
                        place, replay(submission.key(), submission.bodyHash(), earlier.get(submission.key()))));
            }
        }

        private SubmissionAnswer replay(String key, String hash, BatchBook.@Nullable Earlier known) {
            if (known == null) {
                // its owner rolled back between two looks: whoever asks again will know
                return refusal(
                        key,
                        new Refused(
                                ErrorCode.UNAVAILABLE,
                                "Expected the key '%s' to be free or used, but it is in use".formatted(key)));
            }
            return hash.equals(known.bodyHash())
                    ? SubmissionAnswer.taken(key, known.job(), true)
                    : refusal(key, Intake.mismatch(key));
        }

        /** Adds the places whose key was used before in this batch: the same request has the same answer. */
        private List<SubmissionAnswer> repeated(Map<Integer, String> hashes) {
            var first = new HashMap<String, Integer>();
            var all = new ArrayList<SubmissionAnswer>();
            for (int place = 0; place < places.size(); place++) {
                var key = places.get(place).key();
                var answer = answers.get(place);
                if (answer == null && key != null) {
                    int original = Objects.requireNonNull(first.get(key));
                    answer = hash(hashes, place).equals(hash(hashes, original))
                            ? again(Objects.requireNonNull(answers.get(original)))
                            : refusal(key, Intake.mismatch(key));
                } else if (key != null && hashes.containsKey(place)) {
                    first.putIfAbsent(key, place);
                }
                all.add(Objects.requireNonNull(answer));
            }
            return all;
        }

        private static SubmissionAnswer again(SubmissionAnswer first) {
            return new SubmissionAnswer(first.status(), first.key(), first.id() != null, first.id(), first.problem());
        }

        private static String hash(Map<Integer, String> hashes, int place) {
            return Objects.requireNonNull(hashes.get(place));
        }

        private static Refused orderUsed(JobId job) {
            return new Refused(
                    ErrorCode.REPLAYED_ORDER,
                    "Expected a new order, but the order of job '%s' was submitted before".formatted(job));
        }

        private void refuse(int place, Refused refused) {
            answers.put(place, refusal(places.get(place).key(), refused));
        }

        private SubmissionAnswer refusal(@Nullable String key, Refused refused) {
            return SubmissionAnswer.refused(key, Problems.of(refused, trace));
        }
    }
}
