package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One assignment, carried by one virtual thread from acceptance to verdict.
 *
 * <p>Everything that happens to it arrives as a {@link Signal}, so its state has one writer. Each move is stored before
 * it is acted upon; after a crash {@link #start} goes on from the stored phase and says again what it said.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Tools tools;
    private final Voice voice;
    private final JobFiles files;
    private final Consumer<Attempt> changed;
    private final Cancellation cancellation = new Cancellation();
    private final Mailbox mailbox;
    private final Containers containers;
    private final Courier courier;
    private final Passing passing;
    private final Restarts restarts = new Restarts();

    private volatile AttemptRecord record;
    private volatile int step;
    private volatile boolean leaving;
    private @Nullable RunningJob running;
    private @Nullable Thread thread;

    /** @param changed called after each move, with no lock held */
    Attempt(Tools tools, AttemptRecord record, Consumer<Attempt> changed) {
        this.tools = tools;
        this.record = record;
        this.changed = changed;
        this.voice = new Voice(tools.sealer(), tools.hub());
        this.files = tools.store().files(record.assignmentHash());
        this.mailbox = new Mailbox(record.assignmentHash(), cancellation);
        this.containers = new Containers(tools, record.assignmentHash(), files);
        this.passing = new Passing(tools.evidence(), voice);
        this.courier = new Courier(tools, files, cancellation, this::tell);
    }

    AttemptRecord record() {
        return record;
    }

    /** The last step the job reported; for people. */
    int step() {
        return step;
    }

    void start() {
        thread = Thread.ofVirtual()
                .name("attempt-" + record.assignmentHash().value().substring(0, 10))
                .start(this::run);
    }

    /** Tells the attempt's thread. */
    void tell(Signal signal) {
        mailbox.put(signal);
    }

    void join(Duration most) throws InterruptedException {
        if (thread != null) {
            thread.join(most);
        }
    }

    private void run() {
        try {
            // the last life may have ended between the record and its evidence
            tools.evidence().keep(record);
            voice.sayAgain(record);
            if (record.phase() instanceof Phase.Failed) {
                containers.remove();
            }
            record.segments().forEach(segment -> courier.offer(record, segment.border()));
            while (!(record.phase() instanceof Phase.Closed) && !leaving) {
                advanceOrWait();
            }
            if (record.phase() instanceof Phase.Closed) {
                tools.hub().drop(record.assignmentHash());
                tools.store().close(record);
            }
            changed.accept(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // A fault of the agent or a full disk: nothing more can be promised in this life.
            LOG.error("Attempt broken; the next start takes it up again assignment={}", record.assignmentHash(), e);
        }
    }

    /** A full disk passes: whoever ended here would leave a container without limits, or finished work undelivered. */
    private void advanceOrWait() throws InterruptedException {
        try {
            advance();
        } catch (IOException | UncheckedIOException e) {
            LOG.error("Not stored; tried again assignment={}", record.assignmentHash(), e);
            Thread.sleep(tools.timing().look());
        }
    }

    private void advance() throws InterruptedException, IOException {
        try {
            switch (record.phase()) {
                case Phase.Preparing _ -> prepare();
                case Phase.Running phase -> watch(phase);
                case Phase.Resuming(var startedAt) ->
                    move(new Phase.Running(containers.resume(record, cancellation), startedAt));
                case Phase.Finishing _ -> finish();
                case Phase.Sealed(var outputs) -> deliver(outputs);
                case Phase.Finished(var outputs, var checkpoint) -> {
                    if (record.receipt(record.toBorder()).isPresent()) {
                        open(record.toBorder(), outputs, checkpoint);
                    } else {
                        await(untilGivenUp());
                    }
                }
                case Phase.Halted(int border) -> openHalted(border);
                case Phase.Opened _, Phase.Failed _ -> await(untilGivenUp());
                case Phase.Closed _ -> {}
            }
        } catch (Failure e) {
            fail(e);
        } catch (Cancellation.Cancelled e) {
            hear();
        } catch (EngineException e) {
            fail(new Failure(FailureKind.ENGINE, String.valueOf(e.getMessage())));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Local failure assignment={}", record.assignmentHash(), e);
            if (!record.phase().computing()) {
                // what is done is done: it waits until there is room, is called off, or its lease is long over
                Thread.sleep(tools.timing().look());
                hear();
                return;
            }
            fail(new Failure(
                    FailureKind.ENGINE, "Expected to keep and transfer the job's files, but: " + e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("A fault of this agent assignment={}", record.assignmentHash(), e);
            fail(new Failure(FailureKind.ENGINE, "The provider's agent failed"));
        }
    }

    /** Something ended early, perhaps because of a signal that is now in the queue. */
    private void hear() throws InterruptedException, IOException {
        try {
            await(tools.timing().look());
            if (leaving && record.phase().computing()) {
                fail(new Failure(FailureKind.YIELDED, "The provider stopped its agent"));
            }
        } catch (Failure e) {
            fail(e);
        }
    }

    // ---- preparing and running

    private void prepare() throws IOException, InterruptedException, Failure {
        var container = containers.start(record, cancellation);
        move(new Phase.Running(container, tools.clock().instant()));
    }

    private void watch(Phase.Running phase) throws IOException, InterruptedException, Failure {
        takeBorders();
        var job = running;
        if (job == null) {
            job = RunningJob.takeUp(tools, record, phase, files, this::tell);
            running = job;
        }
        job.progress(record.reached()).ifPresent(message -> {
            step = message.step();
            tools.hub().tell(message);
            changed.accept(this);
        });
        await(tools.timing().look());
        if (job.equals(running)) {
            job.enforceLimits();
        }
    }

    /** The exit decides only after the last borders were taken. */
    private void ended(RunningJob job) throws IOException, Failure {
        running = null;
        takeBorders();
        if (job.succeeded(record)) {
            move(new Phase.Finishing());
        }
    }

    /** Hashes, stores and commits every border that is complete, in order. */
    private void takeBorders() throws IOException, Failure {
        while (record.segmented() && record.reached() < record.toBorder()) {
            int border = record.reached() + 1;
            var directory = files.checkpoint(border);
            if (!JobWritten.hasFile(directory, CheckpointHasher.DONE)) {
                return;
            }
            try {
                save(record.with(tools.hasher().hash(border, directory)));
            } catch (JobWritten.Unacceptable e) {
                throw OutputContract.broken(String.valueOf(e.getMessage()));
            }
            LOG.info("Border sealed assignment={} border={}", record.assignmentHash(), border);
            if (border < record.toBorder()) {
                voice.commit(record, border, null);
                courier.offer(record, border);
            }
        }
    }

    // ---- finishing

    /** Seals first and uploads then: whoever has sealed is bound, and what is on its way is lost to nobody. */
    private void finish() throws IOException, Failure {
        takeBorders();
        OutputContract.borders(record);
        var outputs = record.endsJob()
                ? OutputContract.outputs(record.work().spec(), files).digest()
                : null;
        containers.remove();
        save(record.in(new Phase.Sealed(outputs)));
        voice.commit(record, record.toBorder(), outputs);
        changed.accept(this);
    }

    private void deliver(@Nullable ContentId outputs) throws IOException, InterruptedException, Failure {
        var checkpoint = courier.results(record, outputs);
        tools.store().dropNeedless(record);
        move(new Phase.Finished(outputs, checkpoint));
    }

    private void openHalted(int border) throws IOException, InterruptedException, Failure {
        if (record.receipt(border).isEmpty()) {
            await(untilGivenUp());
            return;
        }
        open(border, null, courier.deliver(record, border));
    }

    /** Only ever called with the hub's receipt for that border's commitment in hand. */
    private void open(int border, @Nullable ContentId outputs, @Nullable ContentId checkpoint) {
        move(new Phase.Opened(border, outputs, checkpoint));
        voice.reveal(record, border, outputs, checkpoint);
    }

    private void fail(Failure failure) {
        if (failure.isInterruption()
                && record.phase() instanceof Phase.Running(var _, var startedAt)
                && restarts.allow(record.reached())) {
            LOG.info("Interrupted assignment={} detail={}", record.assignmentHash(), failure.getMessage());
            move(new Phase.Resuming(startedAt));
            return;
        }
        var phase = failure.phase();
        LOG.info(
                "Attempt failed assignment={} kind={} exitCode={} detail={}",
                record.assignmentHash(),
                phase.kind(),
                phase.exitCode(),
                phase.detail());
        stopJob();
        try {
            move(phase);
        } finally {
            // also when that could not be stored: nobody would watch over it
            containers.remove();
        }
        voice.failed(record, phase);
        try {
            tools.store().dropNeedless(record);
        } catch (IOException e) {
            // Closing the attempt removes them, too; until then they count as kept.
            LOG.warn("Files not removed assignment={} detail={}", record.assignmentHash(), e.getMessage());
        }
    }

    // ---- signals

    /** Waits for one signal at most so long, and handles it and all others that are there. */
    private void await(Duration most) throws InterruptedException, IOException, Failure {
        var signal = mailbox.take(most);
        if (signal == null) {
            if (!record.phase().computing() && untilGivenUp().isZero()) {
                close(new Signal.Close(null, "No verdict came long after the lease ended"));
            }
            return;
        }
        for (; signal != null && !leaving; signal = mailbox.take(Duration.ZERO)) {
            try {
                handle(signal);
            } catch (IOException | UncheckedIOException e) {
                // the hub says it once: a full disk must not lose it
                mailbox.put(signal);
                throw e;
            }
        }
    }

    private void handle(Signal signal) throws IOException, Failure {
        switch (signal) {
            case Signal.Receipted(var message) -> {
                int border = message.commitment().toBorder();
                if (record.receipt(border).isEmpty() && tools.sealer().isGenuine(record, message)) {
                    save(record.with(message));
                    passing.open(record);
                }
            }
            case Signal.HaltAt(int border) -> halt(border);
            case Signal.CheckpointAsked(int border, Instant by) -> courier.serve(record, border, by);
            case Signal.Uploaded(int border, var checkpoint) -> passing.uploaded(record, border, checkpoint);
            case Signal.VerdictAsked(var message) -> judge(message);
            case Signal.Spoilt(var failure) -> throw failure;
            case Signal.Close close -> close(close);
            case Signal.ContainerEnded _ -> {
                var job = running;
                if (job != null) {
                    ended(job);
                }
            }
            case Signal.EngineLost(var detail) -> throw new Failure(FailureKind.ENGINE, detail);
            case Signal.Shutdown _ -> shutdown();
        }
    }

    /**
     * Turns to a part that the hub wants opened, also after the whole was opened: a job that ends early pays that part
     * only. Asked again for a border that is open, or about to be, it does nothing.
     */
    private void halt(int border) throws IOException, Failure {
        if (record.phase() instanceof Phase.Running) {
            takeBorders();
        }
        if (!record.haltsAt(border)) {
            LOG.info(
                    "Nothing to halt assignment={} phase={} border={} reached={}",
                    record.assignmentHash(),
                    record.phase().getClass().getSimpleName(),
                    border,
                    record.reached());
            return;
        }
        stopJob();
        containers.remove();
        move(new Phase.Halted(border));
    }

    /** The verdict is stored before it is said, so that no other one is ever said. */
    private void judge(HubMessage.VerdictRequest request) {
        if (!record.audits()) {
            LOG.warn("Asked for a verdict without being an auditor assignment={}", record.assignmentHash());
            return;
        }
        switch (tools.sealer().judge(record, request)) {
            case Judgement.Signed(var verdict) -> {
                save(record.with(verdict));
                voice.verdict(record);
            }
            case Judgement.Refused refused -> voice.refuse(record, request.commitment(), refused);
        }
    }

    private void close(Signal.Close close) {
        stopJob();
        containers.remove();
        LOG.info("Attempt closed assignment={} end={} detail={}", record.assignmentHash(), close.end(), close.detail());
        move(new Phase.Closed(close.end(), close.detail()));
    }

    /** The owner stops the agent: a running job is stopped and reported, everything else waits for the next start. */
    private void shutdown() throws IOException, Failure {
        leaving = true;
        var job = running;
        if (job != null) {
            job.stop(ExitReading.Ended.BY_OWNER);
            ended(job);
        }
    }

    private void stopJob() {
        var job = running;
        running = null;
        if (job != null) {
            try {
                job.stop(ExitReading.Ended.BY_ITSELF);
            } catch (EngineException e) {
                LOG.warn("Container not stopped assignment={} detail={}", record.assignmentHash(), e.getMessage());
            }
        }
    }

    // ---- state

    private void move(Phase next) {
        save(record.in(next));
        changed.accept(this);
    }

    private void save(AttemptRecord next) {
        tools.store().save(next);
        tools.evidence().keep(next);
        record = next;
    }

    private Duration untilGivenUp() {
        var left = Duration.between(tools.clock().instant(), tools.timing().givenUpAt(record));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
