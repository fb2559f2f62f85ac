package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.gateway.Outbox;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.JobFiles;
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
    private static final Duration SAY_AGAIN = Duration.ofSeconds(5);
    /** One after another; with a look more between each two, a minute. */
    private static final int MOST_FAULTS = 25;

    private static final Phase FAULTY =
            new Phase.Failed(FailureKind.ENGINE, null, "The provider's agent fails again and again");

    private final Tools tools;
    private final Voice voice;
    private final JobFiles files;
    private final Consumer<Attempt> changed;
    private final Cancellation cancellation = new Cancellation();
    private final Delivery delivery = new Delivery(cancellation);
    private final Mailbox mailbox;
    private final Containers containers;
    private final Borders borders;
    private final Courier courier;
    private final Passing passing;
    private final Restarts restarts = new Restarts();
    private final EnginePatience patience;

    private volatile AttemptRecord record;
    private volatile int step;
    private volatile boolean leaving;
    private volatile boolean broken;
    /** Where it goes from here, not stored yet. */
    private @Nullable Phase decided;

    private boolean offered;
    private boolean unsaid = true;
    /** Of {@link System#nanoTime}. */
    private long sayAt = System.nanoTime();

    private int faults;
    private @Nullable RunningJob running;
    private @Nullable Thread thread;

    /** @param changed called after each move, with no lock held */
    Attempt(Tools tools, AttemptRecord record, Consumer<Attempt> changed) {
        this.tools = tools;
        this.record = record;
        this.changed = changed;
        this.voice = new Voice(tools.sealer(), tools.hub());
        this.files = tools.store().files(record.assignmentHash());
        this.mailbox =
                new Mailbox(record.assignmentHash(), cancellation, delivery, border -> this.record.haltsAt(border));
        this.containers = new Containers(tools, record.assignmentHash(), files);
        this.patience = new EnginePatience(tools.runtime(), tools.timing().enginePatience());
        this.passing = new Passing(tools.evidence(), voice);
        this.borders = new Borders(tools.hasher(), files);
        this.courier = new Courier(tools, files, cancellation, this::tell);
    }

    AttemptRecord record() {
        return record;
    }

    /** Whether it occupies a slot: not when it only repeats a fault of this agent, without a container. */
    boolean isWorking() {
        return record.phase().computing() && !broken;
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
            while (!over()) {
                try {
                    advance();
                    faults = 0;
                    broken = false;
                } catch (IOException | RuntimeException | Error e) {
                    // whoever ended here would leave a container without limits, or finished work undelivered
                    LOG.error("Tried again assignment={}", record.assignmentHash(), e);
                    unsaid = true;
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hears what it is told meanwhile, above all that it is over. A fault that does not go away is said, not repeated for ever. */
    private void pause() throws InterruptedException {
        faults = Math.min(faults + 1, MOST_FAULTS);
        long until =
                System.nanoTime() + tools.timing().look().multipliedBy(faults).toNanos();
        try {
            if (faults == MOST_FAULTS && record.phase().computing()) {
                broken = true;
                changed.accept(this);
                carryOut(decided instanceof Phase.Failed failed ? failed : FAULTY);
            }
            for (long left = until - System.nanoTime(); left > 0 && !isDone(); left = until - System.nanoTime()) {
                hear(Duration.ofNanos(left));
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("Tried again assignment={}", record.assignmentHash(), e);
            Thread.sleep(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        }
    }

    private boolean isDone() {
        return record.phase() instanceof Phase.Closed || leaving;
    }

    private boolean over() {
        if (!isDone()) {
            return false;
        }
        try {
            if (record.phase() instanceof Phase.Closed) {
                tools.hub().drop(record.assignmentHash());
                tools.store().close(record);
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("Closed, but not put away; the next start does it assignment={}", record.assignmentHash(), e);
        }
        changed.accept(this);
        return true;
    }

    /** Also after a fault: what was stored then may not have been said, and saying it twice is saying it once. */
    private void say() {
        long moment = System.nanoTime();
        if (!unsaid || moment - sayAt < 0) {
            return;
        }
        sayAt = moment + SAY_AGAIN.toNanos();
        tools.evidence().keep(record);
        voice.sayAgain(record);
        unsaid = false;
        if (!offered) {
            offered = true;
            if (record.phase() instanceof Phase.Failed) {
                containers.remove();
            }
            record.segments().forEach(segment -> courier.offer(record, segment.border()));
        }
    }

    private void advance() throws InterruptedException, IOException {
        try {
            say();
            if (decided != null) {
                carryOut(decided);
                return;
            }
            switch (record.phase()) {
                case Phase.Preparing _ -> prepare();
                case Phase.Running phase -> {
                    if (running == null && phase.isBefore(tools.boot())) {
                        LOG.info("The machine was down assignment={}", record.assignmentHash());
                        move(new Phase.Resuming(phase.startedAt()));
                    } else {
                        watch(phase);
                    }
                }
                case Phase.Resuming(var startedAt) ->
                    move(new Phase.Running(containers.resume(record, cancellation), startedAt, tools.boot()));
                case Phase.Finishing _ -> finish();
                case Phase.Sealed(var outputs) -> deliver(outputs);
                case Phase.Finished(var outputs, var checkpoint) -> {
                    if (record.receipt(record.toBorder()).isPresent()) {
                        open(record.toBorder(), outputs, checkpoint);
                    } else {
                        await(idle());
                    }
                }
                case Phase.Halted(int border) -> openHalted(border);
                case Phase.Opened _, Phase.Failed _ -> await(idle());
                case Phase.Closed _ -> {}
            }
            patience.renew();
        } catch (Failure e) {
            fail(e);
        } catch (Cancellation.Cancelled e) {
            hear(tools.timing().look());
        } catch (EngineException e) {
            if (patience.holds()) {
                LOG.warn("The engine failed; asked again assignment={}", record.assignmentHash(), e);
                hear(tools.timing().look());
            } else {
                fail(new Failure(FailureKind.ENGINE, String.valueOf(e.getMessage())));
            }
        } catch (Outbox.Full e) {
            LOG.warn("Said later assignment={} detail={}", record.assignmentHash(), e.getMessage());
            unsaid = true;
            hear(tools.timing().look());
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Local failure assignment={}", record.assignmentHash(), e);
            if (!record.phase().computing()) {
                // what is done is done: it waits until there is room, is called off, or its lease is long over
                Thread.sleep(tools.timing().look());
                hear(tools.timing().look());
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
    private void hear(Duration most) throws InterruptedException, IOException {
        try {
            await(most);
            if (leaving && record.phase().computing()) {
                fail(new Failure(FailureKind.YIELDED, "The provider stopped its agent"));
            }
        } catch (EngineException | Outbox.Full e) {
            // what was heard is in the queue again; what was to be said is said with all else
            unsaid |= e instanceof Outbox.Full;
            Thread.sleep(tools.timing().look());
        } catch (Failure e) {
            fail(e);
        }
    }

    // ---- preparing and running

    private void prepare() throws IOException, InterruptedException, Failure {
        var container = containers.start(record, cancellation);
        move(new Phase.Running(container, tools.clock().instant(), tools.boot()));
    }

    /** One border at most: a job that leaves many at once must not keep its limits and the hub's word waiting. */
    private void watch(Phase.Running phase) throws IOException, InterruptedException, Failure {
        boolean more = takeBorder();
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
        await(more ? Duration.ZERO : tools.timing().look());
        if (job.equals(running)) {
            job.enforceLimits();
        }
    }

    /** The exit decides only after the last borders were taken. */
    private void ended(RunningJob job) throws IOException, Failure {
        takeBorders();
        boolean succeeded;
        try {
            succeeded = job.succeeded(record);
        } catch (Failure e) {
            running = null;
            throw e;
        }
        running = null;
        if (succeeded) {
            borders.keepOutputs(record);
            move(new Phase.Finishing());
        }
    }

    /** All that are complete, in order, of a job that writes no more; until the attempt is called off. */
    private void takeBorders() throws IOException, Failure {
        while (takeBorder()) {
            if (!leaving) {
                cancellation.check();
            }
        }
    }

    /** Hashes, stores and commits the next border, if it is complete. */
    private boolean takeBorder() throws IOException, Failure {
        var sealed = borders.next(record);
        if (sealed.isEmpty()) {
            return false;
        }
        int border = sealed.get().border();
        save(record.with(sealed.get()));
        LOG.info("Border sealed assignment={} border={}", record.assignmentHash(), border);
        if (border < record.toBorder()) {
            courier.offer(record, border);
            voice.commit(record, border, null);
        }
        return true;
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
        var checkpoint = delivery.carry(mailbox::halts, own -> courier.results(record, outputs, own));
        tools.store().dropNeedless(record);
        move(new Phase.Finished(outputs, checkpoint));
    }

    private void openHalted(int border) throws IOException, InterruptedException, Failure {
        if (record.receipt(border).isEmpty()) {
            await(idle());
            return;
        }
        open(border, null, delivery.carry(mailbox::halts, own -> courier.deliver(record, border, own)));
    }

    /** Only ever called with the hub's receipt for that border's commitment in hand. */
    private void open(int border, @Nullable ContentId outputs, @Nullable ContentId checkpoint) {
        move(new Phase.Opened(border, outputs, checkpoint));
        voice.reveal(record, border, outputs, checkpoint);
    }

    private void fail(Failure failure) {
        if (failure.isInterruption()
                && record.phase() instanceof Phase.Running(var _, var startedAt, var _)
                && restarts.allow(record.reached())) {
            LOG.info("Interrupted assignment={} detail={}", record.assignmentHash(), failure.getMessage());
            carryOut(new Phase.Resuming(startedAt));
            return;
        }
        var phase = failure.phase();
        LOG.info(
                "Attempt failed assignment={} kind={} exitCode={} detail={}",
                record.assignmentHash(),
                phase.kind(),
                phase.exitCode(),
                phase.detail());
        carryOut(phase);
    }

    /** Decided once: where it cannot be stored, it is tried again, and what became of the container meanwhile is no reason. */
    private void carryOut(Phase next) {
        decided = next;
        stopJob();
        try {
            move(next);
        } finally {
            // also when that could not be stored: nobody would watch over it
            containers.remove();
        }
        decided = null;
        if (next instanceof Phase.Failed failed) {
            voice.failed(record, failed);
            try {
                tools.store().dropNeedless(record);
            } catch (IOException e) {
                // Closing the attempt removes them, too; until then they count as kept.
                LOG.warn("Files not removed assignment={} detail={}", record.assignmentHash(), e.getMessage());
            }
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
            } catch (IOException | UncheckedIOException | EngineException | Outbox.Full e) {
                // it is said once: a full disk, a full outbox or an engine that is away must not lose it
                mailbox.put(signal);
                throw e;
            } catch (Error e) {
                // what a container's end says would be lost with it
                mailbox.put(signal);
                throw e;
            }
        }
        if (mailbox.dropped()) {
            tools.hub().renewLogin("more was said to an attempt than it had places for");
        }
    }

    private void handle(Signal signal) throws IOException, Failure {
        switch (signal) {
            case Signal.Receipted(var message) -> {
                int border = message.commitment().toBorder();
                if (record.receipt(border).isEmpty() && tools.sealer().isGenuine(record, message)) {
                    save(record.with(message));
                }
                // also when it is heard again, since there was no room to say what it opens
                passing.open(record);
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
        while (record.phase() instanceof Phase.Running && record.reached() < border && takeBorder()) {}
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
            try {
                job.stop(ExitReading.Ended.BY_OWNER);
                ended(job);
            } catch (EngineException e) {
                // the next start takes it up, or what is left of it
                LOG.warn("Left to the engine assignment={} detail={}", record.assignmentHash(), e.getMessage());
            }
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
        if (!next.passes()) {
            courier.leaveUnasked();
        }
        changed.accept(this);
    }

    private void save(AttemptRecord next) {
        tools.store().save(next);
        tools.evidence().keep(next);
        record = next;
    }

    /** How long there is nothing to do but to listen. */
    private Duration idle() {
        var left = untilGivenUp();
        var toSay = Duration.ofNanos(Math.max(0, sayAt - System.nanoTime()));
        return unsaid && toSay.compareTo(left) < 0 ? toSay : left;
    }

    private Duration untilGivenUp() {
        var left = Duration.between(tools.clock().instant(), tools.timing().givenUpAt(record));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
