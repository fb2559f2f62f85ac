package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.VerificationPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads checkpoints beside the attempt's own thread, which must go on sealing, and tells the hub of each. One at a
 * time, what was asked for first: what nobody asked for stops for it at once. It remembers nothing: after a restart the
 * attempt names its borders again, and the hub asks again; content that the store has is not sent twice.
 */
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    /** Openings in passing that a hub takes of one run: each repeats all leaves before it. */
    private static final int MOST_EAGER = 32;
    /** Looks between two tries of what was refused. */
    private static final int LOOKS_BETWEEN = 10;

    private static final Comparator<Errand> DUE_FIRST = Comparator.comparing((Errand errand) -> !errand.asked())
            .thenComparing(Errand::tries)
            .thenComparing(Errand::border);

    private final Tools tools;
    private final JobFiles files;
    private final Cancellation cancellation;
    private final Delivery unasked;
    private final Consumer<Signal> signals;
    /** What is still to be uploaded, by border; each border once, so it is bounded by the job's. */
    private final TreeMap<Integer, Errand> errands = new TreeMap<>();

    private boolean eager = true;
    private @Nullable Thread thread;

    /** @param until of {@link System#nanoTime}: how long the hub waits for it at least; of no meaning when nobody asked */
    private record Errand(AttemptRecord attempt, int border, boolean asked, long until, int tries) {
        private Duration left() {
            return Duration.ofNanos(until - System.nanoTime());
        }

        /** Who asks again waits longer. */
        private Errand or(Errand other) {
            boolean longer = other.until - until >= 0;
            return other.asked() && (!asked || longer) ? other : this;
        }

        private Errand again() {
            return new Errand(attempt, border, asked, until, tries + 1);
        }
    }

    /**
     * @param cancellation ends transfers under way and all that wait
     * @param signals told what was uploaded unasked, and when the files of a border that is asked for are no longer what was
     *     sealed
     */
    Courier(Tools tools, JobFiles files, Cancellation cancellation, Consumer<Signal> signals) {
        this.tools = tools;
        this.files = files;
        this.cancellation = cancellation;
        this.unasked = new Delivery(cancellation);
        this.signals = signals;
    }

    /**
     * Uploads the checkpoints of every so many borders of a job whose segments may be run again, so that another provider
     * can go on where this one vanishes; of any other border, of the last, and of a run that is over it does nothing.
     */
    void offer(AttemptRecord attempt, int border) {
        boolean wanted = attempt.work().spec().verification().policy() != VerificationPolicy.REPLICATE
                && attempt.phase().passes()
                && keeps(attempt);
        if (wanted && border % spacing(attempt) == 0 && border < attempt.toBorder()) {
            add(new Errand(attempt, border, false, 0, 0));
        }
    }

    private int spacing(AttemptRecord attempt) {
        int every = tools.timing().checkpointEvery();
        return every * Math.max(1, Math.ceilDiv(attempt.toBorder() - attempt.fromBorder(), every * MOST_EAGER));
    }

    /** The run is over: nothing is opened in passing any more, and the line is needed for what is due. */
    synchronized void leaveUnasked() {
        eager = false;
        errands.values().removeIf(errand -> !errand.asked());
        unasked.stop();
    }

    /**
     * Uploads the checkpoint of a sealed border, and gives up when nobody waits for it any more. That is by the hub's clock, which
     * this machine's may be far ahead of; so it has as long as the job gives for an upload in any case: to be late costs nothing.
     */
    void serve(AttemptRecord attempt, int border, Instant by) {
        if (keeps(attempt) && border > attempt.fromBorder() && border <= attempt.reached()) {
            var left = Duration.between(tools.clock().instant(), by);
            var longest = left.compareTo(patience(attempt)) > 0 ? left : patience(attempt);
            add(new Errand(attempt, border, true, System.nanoTime() + longest.toNanos(), 0));
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
    ContentId results(AttemptRecord attempt, @Nullable ContentId outputs, Cancellation delivery)
            throws IOException, InterruptedException, Failure {
        if (outputs != null && keeps(attempt)) {
            tools.uploads().outputs(attempt, outputs, files, delivery);
        }
        return deliver(attempt, attempt.toBorder(), delivery);
    }

    /** Uploads, in the caller's thread, the checkpoint that belongs to the opening of a border. */
    @Nullable
    ContentId deliver(AttemptRecord attempt, int border, Cancellation delivery)
            throws IOException, InterruptedException, Failure {
        return keeps(attempt) && attempt.segmented() ? upload(attempt, border, patience(attempt), delivery) : null;
    }

    private ContentId upload(AttemptRecord attempt, int border, Duration patience, Cancellation delivery)
            throws IOException, InterruptedException, Failure {
        return tools.uploads().checkpoint(attempt, border, files, tools.hasher(), patience, delivery);
    }

    private static boolean keeps(AttemptRecord attempt) {
        return !attempt.audits() && !(attempt.phase() instanceof Phase.Failed);
    }

    private static Duration patience(AttemptRecord attempt) {
        return Duration.ofSeconds(attempt.work().spec().deadlines().upload());
    }

    private synchronized void add(Errand errand) {
        if (cancellation.isCancelled() || !errand.asked() && !eager) {
            return;
        }
        errands.merge(errand.border(), errand, Errand::or);
        if (errand.asked()) {
            unasked.stop();
        }
        if (thread == null) {
            begin(errand.attempt());
        }
    }

    private void begin(AttemptRecord attempt) {
        thread = Thread.ofVirtual()
                .name("courier-" + attempt.assignmentHash().value().substring(0, 10))
                .start(this::run);
    }

    private synchronized @Nullable Errand next() {
        var next = errands.values().stream().min(DUE_FIRST);
        if (next.isEmpty() || cancellation.isCancelled()) {
            errands.clear();
            thread = null;
            return null;
        }
        return errands.remove(next.get().border());
    }

    /** Whether something else is to be carried, or nothing, in place of what nobody asked for. */
    private synchronized boolean isOvertaken() {
        return !eager || errands.values().stream().anyMatch(Errand::asked);
    }

    private void run() {
        try {
            for (var errand = next(); errand != null; errand = next()) {
                carry(errand);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended();
        }
    }

    /** However it ended, what is still to be carried is. */
    private synchronized void ended() {
        if (Thread.currentThread().equals(thread)) {
            thread = null;
            if (!errands.isEmpty() && !cancellation.isCancelled()) {
                begin(errands.firstEntry().getValue().attempt());
            }
        }
    }

    private void carry(Errand errand) throws InterruptedException {
        var attempt = errand.attempt();
        int border = errand.border();
        try {
            var uploaded = errand.asked()
                    ? upload(attempt, border, errand.left(), cancellation)
                    : unasked.carry(this::isOvertaken, own -> upload(attempt, border, patience(attempt), own));
            tools.hub().send(tools.sealer().checkpoint(attempt, border, uploaded, errand.asked()));
            LOG.info("Checkpoint served assignment={} border={}", attempt.assignmentHash(), border);
            if (!errand.asked()) {
                signals.accept(new Signal.Uploaded(border, uploaded));
            }
        } catch (Failure spoilt) {
            if (errand.asked()) {
                signals.accept(new Signal.Spoilt(spoilt));
            } else {
                // it may be run again at this moment, from a border before it; who asks for it later is told
                notServed(errand, spoilt);
            }
        } catch (Cancellation.Cancelled e) {
            // another is asked for, or the attempt is over, or the agent ends; the loop sees that, too
            if (!errand.asked()) {
                add(errand);
            }
        } catch (IOException | RuntimeException | Error e) {
            notServed(errand, e);
            if (errand.asked() && !errand.left().isNegative()) {
                Thread.sleep(tools.timing().look().multipliedBy(LOOKS_BETWEEN));
                add(errand.again());
            }
        }
    }

    private static void notServed(Errand errand, Throwable why) {
        LOG.warn(
                "Checkpoint not served assignment={} border={} asked={} detail={}",
                errand.attempt().assignmentHash(),
                errand.border(),
                errand.asked(),
                String.valueOf(why.getMessage()));
    }
}
