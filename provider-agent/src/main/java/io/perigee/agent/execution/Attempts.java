package io.perigee.agent.execution;

import io.perigee.agent.gateway.HubEvents;
import io.perigee.agent.gateway.HubLink;
import io.perigee.agent.gateway.Refs;
import io.perigee.agent.gateway.Subject;
import io.perigee.agent.identity.Enrolment;
import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Offer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All attempts of this agent: takes or declines assignments, hands the hub's words to the attempt they are for, and
 * makes engine and records agree after a restart.
 */
public final class Attempts implements HubEvents {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** What the rest of the agent knows and decides. */
    public interface Surroundings {
        /** The offer of this moment: all its slots, those in use included; none while paused or without an engine. */
        Offer offer();

        /** UUIDs of GPUs to lease to a job, or nothing when too few are free. */
        Optional<List<String>> lease(int gpus, Collection<AttemptRecord> live);

        /** Something a person or the hub would want to know has changed. */
        void changed();

        void connection(boolean up, String detail);
    }

    private final Enrolment enrolment;
    private final SandboxPolicy policy;
    private final AttemptStore store;
    private final Tools tools;
    private final HubLink hub;
    private final Surroundings surroundings;
    private final Clock clock;
    private final long mostKept;
    private final Map<Digest, Attempt> live = new ConcurrentHashMap<>();
    private final MostBond mostBond;
    private volatile boolean ready;
    private volatile boolean leaving;

    /** @param mostKept bytes of finished work without a verdict beyond which no new work is taken */
    Attempts(Enrolment enrolment, Tools tools, long mostKept, MostBond mostBond, Surroundings surroundings) {
        this.mostKept = mostKept;
        this.mostBond = mostBond;
        this.enrolment = enrolment;
        this.policy = tools.policy();
        this.store = tools.store();
        this.tools = tools;
        this.hub = tools.hub();
        this.surroundings = surroundings;
        this.clock = tools.clock();
    }

    /**
     * Takes up what an earlier life left, once the engine answers: containers of open attempts are adopted, finished ones
     * are finished, and containers of this provider that belong to no open attempt are removed.
     *
     * @return whether there were such: what the hub said to them before, it has to say again
     */
    public synchronized boolean resume() throws IOException {
        if (leaving) {
            return false;
        }
        boolean some = !ready && takeUp(_ -> true);
        removeStrangers();
        ready = true;
        return some;
    }

    /**
     * Removes attempts' containers that nobody watches: of none that is open, or of one that needs its container no more
     * and could not remove it then. An attempt of before cannot open again, so this holds no lock while the engine is asked.
     */
    public void removeLeftovers() {
        remove(found -> {
            var label = found.labels().getOrDefault(Sandbox.ASSIGNMENT_LABEL, "");
            return !label.isEmpty()
                    && records().stream()
                            .noneMatch(record -> record.assignmentHash().value().equals(label)
                                    && (record.phase().computing() || record.phase() instanceof Phase.Finishing));
        });
    }

    /**
     * Takes up what an earlier life has done already, which needs no engine: the hub says once in a conversation what it
     * wants of it.
     */
    public synchronized void deliver() throws IOException {
        takeUp(record -> !record.phase().computing());
    }

    /**
     * What was accepted under another session key is not gone on with: what the present one signs and salts would contradict what
     * was said. What is open already is left, because its files may be asked for.
     */
    private boolean takeUp(Predicate<AttemptRecord> which) throws IOException {
        boolean some = false;
        for (var record : store.open()) {
            if (which.test(record) && !live.containsKey(record.assignmentHash())) {
                LOG.info(
                        "Taking up assignment={} phase={}",
                        record.assignmentHash(),
                        record.phase().getClass().getSimpleName());
                begin(ofThisKey(record));
                some = true;
            }
        }
        return some;
    }

    private AttemptRecord ofThisKey(AttemptRecord record) {
        if (tools.sealer().isFor(record) || record.phase().allSaid()) {
            return record;
        }
        LOG.warn("Stopped: it is of another session key assignment={}", record.assignmentHash());
        var stopped = record.in(new Phase.Failed(FailureKind.YIELDED, null, "The provider's session key was replaced"));
        store.save(stopped);
        return stopped;
    }

    private void removeStrangers() {
        remove(found -> {
            var label = found.labels().getOrDefault(Sandbox.ASSIGNMENT_LABEL, "");
            return live.keySet().stream().noneMatch(hash -> hash.value().equals(label));
        });
    }

    private void remove(Predicate<ContainerRuntime.Found> which) {
        var own =
                Map.of(Sandbox.PROVIDER_LABEL, enrolment.sessionKey().provider().value());
        try {
            for (var found : tools.runtime().list(own)) {
                if (which.test(found)) {
                    LOG.info(
                            "Removing a container that no attempt needs container={} assignment={}",
                            found.id(),
                            found.labels().getOrDefault(Sandbox.ASSIGNMENT_LABEL, ""));
                    remove(found.id());
                }
            }
        } catch (EngineException e) {
            LOG.warn("Containers that no attempt needs not looked for detail={}", e.getMessage());
        }
    }

    /** One that cannot be removed must cost no other attempt anything. */
    private void remove(String container) {
        try {
            tools.runtime().remove(container);
        } catch (EngineException e) {
            LOG.warn("Container not removed container={} detail={}", container, e.getMessage());
        }
    }

    @Override
    public synchronized void assigned(HubMessage.AssignmentOffer work) {
        var hash = AssignmentCheck.hash(work, enrolment);
        var known = live.get(hash);
        if (known != null) {
            if (known.record().phase().computing()) {
                hub.send(tools.sealer().accept(known.record()));
            }
            return;
        }
        if (closedBefore(hash) || waits(hash)) {
            return;
        }
        var offer = offer();
        switch (AssignmentCheck.check(work, enrolment, offer, mostBond, clock.instant())) {
            case AssignmentCheck.Answer.Ignore(var reason) -> LOG.warn("Assignment ignored reason={}", reason);
            case AssignmentCheck.Answer.Decline(var reason) -> decline(work, hash, reason);
            case AssignmentCheck.Answer.Take _ -> {
                var refusal = Sandbox.refusal(work.spec(), policy);
                var gpus = surroundings.lease(work.spec().resources().gpu().count(), working());
                if (!ready || offer.slots() == 0) {
                    decline(work, hash, "Expected a free slot, but the agent is paused or without an engine");
                } else if (freeSlots() == 0) {
                    decline(work, hash, "Expected a free slot, but all %d are in use".formatted(offer.slots()));
                } else if (kept() > mostKept) {
                    decline(
                            work,
                            hash,
                            "Expected room for what finished work leaves, but more than %d bytes wait for a verdict"
                                    .formatted(mostKept));
                } else if (isShortOfDisk()) {
                    decline(work, hash, "Expected room on the disk, but less is free than the owner reserves");
                } else if (refusal.isPresent()) {
                    decline(work, hash, refusal.get());
                } else if (tools.images().isTooLarge(work.spec())) {
                    decline(work, hash, "Expected an image that this agent loads, but it is above its largest-image");
                } else if (gpus.isEmpty()) {
                    decline(work, hash, "Expected free GPUs for the job, but others use them");
                } else {
                    take(work, hash, gpus.get());
                }
            }
        }
    }

    private boolean isShortOfDisk() {
        try {
            return tools.reserve().isTouched();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to look how much of the disk is free, but could not", e);
        }
    }

    /** Bytes of checkpoints and outputs that are kept until the verdict on them. */
    private long kept() {
        try {
            long sum = 0;
            for (var record : records()) {
                sum += record.phase().computing() ? 0 : store.kept(record);
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to count what finished work leaves, but could not", e);
        }
    }

    private void take(HubMessage.AssignmentOffer work, Digest hash, List<String> gpus) {
        var record = AttemptRecord.accepted(work, hash, gpus, enrolment, clock.instant());
        store.save(record);
        LOG.info("Accepted job={} attempt={} assignment={}", work.jobId(), work.attempt(), hash);
        begin(record);
        surroundings.changed();
    }

    private void begin(AttemptRecord record) {
        var attempt = new Attempt(tools, record, this::changed);
        live.put(record.assignmentHash(), attempt);
        attempt.start();
    }

    private void decline(HubMessage.AssignmentOffer work, Digest hash, String reason) {
        LOG.info("Declined job={} assignment={} reason={}", work.jobId(), hash, reason);
        hub.send(new AgentMessage.Decline(
                Refs.of(hash, "decline"), work.jobId(), hash, Text.bounded(reason, Failure.LONGEST_DETAIL)));
    }

    /** It was accepted in an earlier life and waits for the engine. */
    private boolean waits(Digest hash) {
        if (ready) {
            return false;
        }
        try {
            return store.open().stream()
                    .anyMatch(record -> record.assignmentHash().equals(hash));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read the open attempts, but could not", e);
        }
    }

    private boolean closedBefore(Digest hash) {
        boolean over = store.isOver(hash);
        if (over) {
            LOG.info("An assignment that is over was sent again assignment={}", hash);
        }
        return over;
    }

    private void changed(Attempt attempt) {
        if (attempt.record().phase() instanceof Phase.Closed) {
            live.remove(attempt.record().assignmentHash(), attempt);
        }
        surroundings.changed();
    }

    @Override
    public Offer offer() {
        return surroundings.offer();
    }

    /** Offered slots that no attempt computes in. The hub may not know yet, so the agent counts for itself. */
    public int freeSlots() {
        return Math.max(0, offer().slots() - working().size());
    }

    /** Those that occupy a slot and their GPUs. */
    private List<AttemptRecord> working() {
        return live.values().stream()
                .filter(Attempt::isWorking)
                .map(Attempt::record)
                .toList();
    }

    @Override
    public List<Digest> running() {
        return live.values().stream()
                .map(Attempt::record)
                .filter(record ->
                        !(record.phase() instanceof Phase.Failed) && !(record.phase() instanceof Phase.Closed))
                .map(AttemptRecord::assignmentHash)
                .sorted()
                .toList();
    }

    @Override
    public void receipt(HubMessage.ReceiptGiven message) {
        tell(message.commitment().assignmentHash(), new Signal.Receipted(message));
    }

    @Override
    public void revealRequested(HubMessage.RevealRequest message) {
        tell(message.assignmentHash(), new Signal.HaltAt(message.border()));
    }

    @Override
    public void checkpointRequested(HubMessage.CheckpointRequest message) {
        tell(message.assignmentHash(), new Signal.CheckpointAsked(message.border(), message.by()));
    }

    @Override
    public void verdictRequested(HubMessage.VerdictRequest message) {
        tell(message.assignmentHash(), new Signal.VerdictAsked(message));
    }

    @Override
    public void stopped(HubMessage.Stop message) {
        tell(
                message.assignmentHash(),
                new Signal.Close(null, "Stopped by the hub: " + Text.bounded(message.reason(), 500)));
    }

    @Override
    public void verdict(HubMessage.VerdictGiven message) {
        tell(message.assignmentHash(), new Signal.Close(message.end(), Text.bounded(message.detail(), 500)));
    }

    @Override
    public void refused(AgentMessage message, HubMessage.Refusal refusal) {
        var over =
                switch (refusal.code()) {
                    case STALE_LEASE, NOT_ASSIGNED -> true;
                    default -> message instanceof AgentMessage.Accept;
                };
        if (!over) {
            return;
        }
        Subject.of(message)
                .ifPresent(hash -> tell(
                        hash, new Signal.Close(null, "Refused by the hub: " + Text.bounded(refusal.detail(), 500))));
    }

    @Override
    public void connection(boolean up, String detail) {
        surroundings.connection(up, detail);
    }

    private void tell(Digest hash, Signal signal) {
        var attempt = live.get(hash);
        if (attempt != null) {
            attempt.tell(signal);
        }
    }

    /** The open attempts, for the offer and the status file. */
    public List<AttemptRecord> records() {
        return live.values().stream().map(Attempt::record).toList();
    }

    /** The last step a running job reported; 0 before the first. */
    public int step(Digest assignmentHash) {
        var attempt = live.get(assignmentHash);
        return attempt == null ? 0 : attempt.step();
    }

    /** Stops running jobs, reports them as yielded, and waits for their threads. */
    public void shutdown(Duration most) throws InterruptedException {
        synchronized (this) {
            // from here on no attempt begins, which nobody would tell
            leaving = true;
            ready = false;
            live.values().forEach(attempt -> attempt.tell(new Signal.Shutdown()));
        }
        long deadline = System.nanoTime() + most.toNanos();
        for (var attempt : live.values()) {
            attempt.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
    }
}
