package io.perigee.settlement.epoch;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.watch.ChainBook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an epoch of all jobs that wait for it, once the confirmed chain's time says that its window is over: then no
 * release can come between any more. Lines, file, and the intent to post them are stored in one transaction.
 */
public final class EpochBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(EpochBuilder.class);
    private static final int PAGE = 1_000;

    private final EpochTools tools;

    public EpochBuilder(EpochTools tools) {
        this.tools = tools;
    }

    /** Builds the epoch that may be posted now, unless it was built before or nobody waits for it. */
    public void step() {
        var due = tools.database().inTransaction(this::due);
        if (due.isEmpty()) {
            return;
        }
        var built = tools.database().inTransaction(tx -> build(tx, due.get()));
        built.ifPresent(epoch -> {
            CrashPoints.hit("settlement.epoch-stored");
            LOG.atInfo()
                    .addKeyValue("epoch", epoch.id().number())
                    .addKeyValue("root", epoch.root())
                    .addKeyValue("lines", epoch.count())
                    .addKeyValue("file", epoch.file())
                    .log("epoch built");
        });
    }

    private Optional<EpochId> due(Tx tx) {
        var time = ChainBook.confirmedTime(tx);
        if (time.isEmpty()) {
            return Optional.empty();
        }
        int number = EpochId.numberOf(time.get().getEpochSecond(), tools.window()) - 1;
        if (number <= 0 || !EpochJobs.anyWaiting(tx, tools.token(), number)) {
            return Optional.empty();
        }
        var id = new EpochId(tools.hub(), tools.token(), number);
        return EpochBook.find(tx, id).isPresent() ? Optional.empty() : Optional.of(id);
    }

    /** Goes by the jobs that were taken: none may be in this epoch's state without being in the epoch. */
    private void put(Tx tx, List<JobId> page, Draft draft, Instant now) {
        var revoked = RevokedKeys.among(tx, page);
        var candidates = EpochJobs.candidates(tx, page).stream()
                .collect(Collectors.toMap(Draft.Candidate::job, candidate -> candidate));
        for (var job : page) {
            var candidate = candidates.get(job);
            Optional<String> why;
            if (revoked.contains(job)) {
                why = Optional.of("a key of its evidence was revoked");
            } else if (candidate == null) {
                why = Optional.of("it has no line");
            } else {
                why = draft.add(candidate);
            }
            why.ifPresent(reason -> {
                var left = EpochJobs.leave(tx, job, now);
                tools.facts().publish(tx, left.left(reason), left.trace());
            });
        }
    }

    private Optional<Epoch> build(Tx tx, EpochId id) {
        // another builder, started by mistake, waits here and then finds it built
        tx.execute("LOCK TABLE epoch IN SHARE ROW EXCLUSIVE MODE");
        if (EpochBook.find(tx, id).isPresent()) {
            return Optional.empty();
        }
        var now = tools.clock().instant();
        var draft = new Draft(tools.mostLines(), EpochJobs.owedByOthers(tx, id));
        while (true) {
            var page = EpochJobs.take(tx, id, PAGE, now);
            if (page.isEmpty()) {
                break;
            }
            put(tx, page, draft, now);
        }
        if (draft.isEmpty()) {
            return Optional.empty();
        }
        var ledger = EpochLedger.of(id, draft.lines());
        var file = new EpochFile(id, ledger.lines());
        var content = ledger.content();
        var epoch = new Epoch(
                id,
                content.root(),
                content.count(),
                ledger.accounts().total(),
                file.contentId(),
                draft.jobs(),
                EpochState.BUILDING,
                0);
        EpochBook.insert(tx, epoch, now);
        EpochBook.store(tx, epoch.file(), file);
        var tooLate = Instant.ofEpochSecond(id.postedUntil(tools.window()));
        IntentBook.plan(
                tx, Purpose.post(id), Optional.empty(), tools.encoder().post(ledger), now, Optional.of(tooLate));
        tools.facts().publish(tx, epoch.changed(Optional.empty()), "");
        CrashPoints.hit("settlement.epoch-before-stored");
        return Optional.of(epoch);
    }
}
