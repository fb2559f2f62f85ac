package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.VerificationPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads checkpoints beside the attempt's own thread, which must go on sealing, and tells the hub of each. One at a
 * time, what was asked for first. It remembers nothing: after a restart the attempt names its borders again, and the
 * hub asks again; content that the store has is not sent twice.
 */
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    /** Openings in passing that a hub takes of one run: each repeats all leaves before it. */
    private static final int MOST_EAGER = 32;

    private final Tools tools;
    private final JobFiles files;
    private final Cancellation cancellation;
    private final Consumer<Signal> signals;
    /** What is still to be uploaded, by border; each border once, so it is bounded by the job's. */
    private final TreeMap<Integer, Errand> errands = new TreeMap<>();

    private @Nullable Thread thread;

    /** @param by until when the hub waits for it; the furthest instant when nobody asked */
    private record Errand(AttemptRecord attempt, int border, Instant by, boolean asked) {}

    /**
     * @param cancellation ends transfers under way and all that wait
     * @param signals told what was uploaded unasked, and when a sealed border's files are no longer what was sealed
     */
    Courier(Tools tools, JobFiles files, Cancellation cancellation, Consumer<Signal> signals) {
        this.tools = tools;
        this.files = files;
        this.cancellation = cancellation;
        this.signals = signals;
    }

    /**
     * Uploads the checkpoints of every so many borders of a job whose segments may be run again, so that another provider
     * can go on where this one vanishes; of any other border, and of the last, it does nothing.
     */
    void offer(AttemptRecord attempt, int border) {
        boolean wanted =
                attempt.work().spec().verification().policy() != VerificationPolicy.REPLICATE && keeps(attempt);
        if (wanted && border % spacing(attempt) == 0 && border < attempt.toBorder()) {
            add(new Errand(attempt, border, tools.clock().instant().plus(patience(attempt)), false));
        }
    }

    private int spacing(AttemptRecord attempt) {
        int every = tools.timing().checkpointEvery();
        return every * Math.max(1, Math.ceilDiv(attempt.toBorder() - attempt.fromBorder(), every * MOST_EAGER));
    }

    /** Uploads the checkpoint of a sealed border, and gives up when nobody waits for it any more. */
    void serve(AttemptRecord attempt, int border, Instant by) {
        if (keeps(attempt) && border > attempt.fromBorder() && border <= attempt.reached()) {
            add(new Errand(attempt, border, by, true));
        } else {
            LOG.warn("No such checkpoint to serve assignment={} border={}", attempt.assignmentHash(), border);
        }
    }

    /**
     * Uploads, in the caller's thread, what belongs to the opening of the last border.
     *
     * @param outputs the manifest that was sealed; null when there is none
     * @return the checkpoint's manifest; null when there is none, or for an auditor, who uploads nothing
     */
    @Nullable
    ContentId results(AttemptRecord attempt, @Nullable ContentId outputs)
            throws IOException, InterruptedException, Failure {
        if (outputs != null && keeps(attempt)) {
            tools.uploads().outputs(attempt, outputs, files, cancellation);
        }
        return deliver(attempt, attempt.toBorder());
    }

    /** Uploads, in the caller's thread, the checkpoint that belongs to the opening of a border. */
    @Nullable
    ContentId deliver(AttemptRecord attempt, int border) throws IOException, InterruptedException, Failure {
        return keeps(attempt) && attempt.segmented()
                ? tools.uploads().checkpoint(attempt, border, files, tools.hasher(), patience(attempt), cancellation)
                : null;
    }

    private static boolean keeps(AttemptRecord attempt) {
        return !attempt.audits() && !(attempt.phase() instanceof Phase.Failed);
    }

    private static Duration patience(AttemptRecord attempt) {
        return Duration.ofSeconds(attempt.work().spec().deadlines().upload());
    }

    private synchronized void add(Errand errand) {
        if (cancellation.isCancelled()) {
            return;
        }
        errands.merge(errand.border(), errand, (before, now) -> before.asked() ? before : now);
        if (thread == null) {
            thread = Thread.ofVirtual()
                    .name("courier-" + errand.attempt().assignmentHash().value().substring(0, 10))
                    .start(this::run);
        }
    }

    private synchronized @Nullable Errand next() {
        var asked = errands.values().stream().filter(Errand::asked).findFirst();
        var entry = asked.map(errand -> Map.entry(errand.border(), errand)).orElseGet(errands::firstEntry);
        if (entry == null || cancellation.isCancelled()) {
            errands.clear();
            thread = null;
            return null;
        }
        errands.remove(entry.getKey());
        return entry.getValue();
    }

    private void run() {
        for (var errand = next(); errand != null; errand = next()) {
            carry(errand);
        }
    }

    private void carry(Errand errand) {
        var attempt = errand.attempt();
        try {
            var patience = Duration.between(tools.clock().instant(), errand.by());
            if (patience.isNegative()) {
                throw new IOException("nobody waits for it since " + errand.by());
            }
            var uploaded =
                    tools.uploads().checkpoint(attempt, errand.border(), files, tools.hasher(), patience, cancellation);
            tools.hub().send(tools.sealer().checkpoint(attempt, errand.border(), uploaded, errand.asked()));
            LOG.info("Checkpoint served assignment={} border={}", attempt.assignmentHash(), errand.border());
            if (!errand.asked()) {
                signals.accept(new Signal.Uploaded(errand.border(), uploaded));
            }
        } catch (Failure spoilt) {
            signals.accept(new Signal.Spoilt(spoilt));
        } catch (Cancellation.Cancelled e) {
            // The attempt is over, or the agent ends; the loop sees it, too.
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "Checkpoint not served assignment={} border={} detail={}",
                    attempt.assignmentHash(),
                    errand.border(),
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
