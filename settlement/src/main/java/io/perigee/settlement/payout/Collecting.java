package io.perigee.settlement.payout;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.watch.ChainBook;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what is due for a job by one call, as long as the contract takes it. It takes all of them or none: one that a
 * court looks at since, or whose payee the token refuses, would cost the others their pay. So after a refusal each is
 * collected by itself, in turns.
 */
final class Collecting {
    private static final Logger LOG = LoggerFactory.getLogger(Collecting.class);

    /** So long one that is refused is tried again. It stays in the contract, where anybody can collect it for its owner. */
    private static final int WINDOWS_TRIED = 6;

    private final Encoder encoder;
    private final Duration window;
    /** Of those that are tried for the last time; after a restart they are once more. */
    private final Map<Purpose, LastTurn> lastTurns = new ConcurrentHashMap<>();

    /**
     * @param tries of the purpose before this one was asked
     * @param refused who was asked before
     */
    private record LastTurn(Digest asked, int tries, Set<Digest> refused) {
        LastTurn {
            refused = Set.copyOf(refused);
        }
    }

    Collecting(Encoder encoder, Duration window) {
        this.encoder = encoder;
        this.window = window;
    }

    /** False when courts look at all that is outstanding. */
    boolean plan(Tx tx, Debt debt, Instant now) {
        var outstanding = outstanding(tx, debt);
        var due = due(outstanding);
        if (!due.isEmpty()) {
            plan(tx, debt, due, now);
        }
        return !due.isEmpty() || outstanding.isEmpty();
    }

    private void plan(Tx tx, Debt debt, List<Digest> due, Instant now) {
        var purpose = Purpose.collect(debt.job(), debt.round());
        IntentBook.plan(tx, purpose, Optional.of(debt.job()), encoder.collect(due), now, Optional.empty());
    }

    /** What becomes of a call that the contract does not take. */
    void look(Tx tx, Debt debt, Intent intent, Instant now) {
        boolean refused = intent.state() == IntentState.PARKED
                && intent.reason().filter(reason -> reason.isOfTheContract()).isPresent();
        var outstanding = outstanding(tx, debt);
        var due = due(outstanding);
        if (!refused || due.isEmpty()) {
            return;
        }
        if (isTooLate(tx, outstanding)) {
            askForTheLastTime(tx, debt, intent, due, now);
            return;
        }
        // another one after each refusal
        var turn = List.of(due.get(intent.tries() % due.size()));
        if (isAlone(due, intent.call())) {
            // at its own time, so that two that are always refused do not make it go round and round
            replan(tx, debt, intent, turn, intent.nextAt());
        } else {
            // all of them, or some of whom courts look at one by now
            replan(tx, debt, intent, sameAs(encoder.collect(due), intent.call()) ? turn : due, now);
        }
    }

    /** Each by itself once more, at once, so that nobody whose credit is good by now goes without; then it ends. */
    private void askForTheLastTime(Tx tx, Debt debt, Intent intent, List<Digest> due, Instant now) {
        var refused = new HashSet<Digest>();
        var before = lastTurns.get(intent.purpose());
        if (before != null) {
            refused.addAll(before.refused());
            boolean asked = sameAs(encoder.collect(List.of(before.asked())), intent.call());
            if (asked && intent.tries() > before.tries()) {
                refused.add(before.asked());
            } else if (asked && due.contains(before.asked())) {
                return;
            }
        }
        var next = due.stream().filter(each -> !refused.contains(each)).findFirst();
        if (next.isEmpty()) {
            abandon(tx, debt, intent, now);
            return;
        }
        replan(tx, debt, intent, List.of(next.get()), now);
        IntentBook.retry(tx, intent.purpose(), now);
        lastTurns.put(intent.purpose(), new LastTurn(next.get(), intent.tries(), refused));
    }

    /** The purpose is over. */
    void forget(Purpose purpose) {
        lastTurns.remove(purpose);
    }

    private static void abandon(Tx tx, Debt debt, Intent intent, Instant now) {
        IntentBook.abandon(tx, intent.purpose(), "refused for %d windows".formatted(WINDOWS_TRIED), now);
        LOG.atWarn()
                .addKeyValue("jobId", debt.job())
                .addKeyValue("purpose", intent.purpose())
                .log("left to its owner to collect");
    }

    private void replan(Tx tx, Debt debt, Intent intent, List<Digest> due, Instant at) {
        var call = encoder.collect(due);
        if (!sameAs(call, intent.call()) && IntentBook.replan(tx, intent.purpose(), call, at)) {
            LOG.atWarn()
                    .addKeyValue("jobId", debt.job())
                    .addKeyValue("assignments", due)
                    .log("collected apart from what was refused");
        }
    }

    /** Whether a call collects one of them by itself. */
    private boolean isAlone(List<Digest> due, Call call) {
        return due.stream().anyMatch(each -> sameAs(encoder.collect(List.of(each)), call));
    }

    private boolean isTooLate(Tx tx, List<DebtBook.Credit> outstanding) {
        var last = outstanding.stream()
                .map(DebtBook.Credit::maturesAt)
                .max(Instant::compareTo)
                .orElseThrow();
        return ChainBook.time(tx)
                .filter(time -> time.isAfter(last.plus(window.multipliedBy(WINDOWS_TRIED))))
                .isPresent();
    }

    private static boolean sameAs(Call one, Call other) {
        return Arrays.equals(one.data(), other.data());
    }

    private static List<DebtBook.Credit> outstanding(Tx tx, Debt debt) {
        return DebtBook.credits(tx, debt.requireOrder()).stream()
                .filter(DebtBook.Credit::isOutstanding)
                .toList();
    }

    private static List<Digest> due(List<DebtBook.Credit> outstanding) {
        return outstanding.stream()
                .filter(credit -> !credit.frozen())
                .map(DebtBook.Credit::assignmentHash)
                .toList();
    }
}
