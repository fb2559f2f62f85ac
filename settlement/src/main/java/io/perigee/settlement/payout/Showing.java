package io.perigee.settlement.payout;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.reservation.Reservation;
import io.perigee.settlement.reservation.ReservationBook;
import io.perigee.settlement.watch.ChainBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a decided job's evidence to the contract: each part of it by a call of its own, so that one which somebody else
 * has shown already keeps nobody from the pay for another.
 */
final class Showing {
    private static final Logger LOG = LoggerFactory.getLogger(Showing.class);

    /** Refusals that mean "it is done already" when the books show money of the order. */
    private static final Set<String> DONE_BY_OTHERS = Set.of("NothingToDo", "MaxPaymentReached");

    private final Encoder encoder;
    private final Presentable presentable;

    Showing(Encoder encoder, Presentable presentable) {
        this.encoder = encoder;
        this.presentable = presentable;
    }

    void plan(Tx tx, Reservation held, Payable payable, Instant now, Instant over) {
        var job = held.job();
        var links = payable.links();
        for (int i = 0; i < links.size(); i++) {
            var call = encoder.direct(held.order(), held.orderSignature(), links.get(i));
            IntentBook.plan(tx, purpose(job, i, links.size()), Optional.of(job), call, now, Optional.of(over));
        }
        LOG.atInfo()
                .addKeyValue("jobId", job)
                .addKeyValue("parts", links.size())
                .addKeyValue("winners", payable.winners().size())
                .log("payout planned");
    }

    private static Purpose purpose(JobId job, int link, int links) {
        return link == links - 1 ? Purpose.direct(job) : Purpose.direct(job, link + 1);
    }

    /** The intents of all its parts, the last part's last; none when the service had no time to show it. */
    static List<Intent> intents(Tx tx, JobId job) {
        var intents = new ArrayList<Intent>();
        for (var part = first(tx, job); part.isPresent(); ) {
            intents.add(part.get());
            part = IntentBook.find(tx, Purpose.direct(job, intents.size() + 1));
        }
        IntentBook.find(tx, Purpose.direct(job)).ifPresent(intents::add);
        return List.copyOf(intents);
    }

    private static Optional<Intent> first(Tx tx, JobId job) {
        return IntentBook.find(tx, Purpose.direct(job, 1));
    }

    /** What a call that the contract does not take means. */
    void look(Tx tx, Debt debt, List<Intent> intents, Instant now) {
        for (int i = 0; i < intents.size(); i++) {
            if (!intents.get(i).state().isFinal()) {
                endWhenOthersDidIt(tx, debt, intents.get(i), now);
                leaveOutWhomItRefuses(tx, debt, intents, i, now);
            }
        }
    }

    /** The contract says there is nothing left to do and the books show money of the order: somebody was quicker. */
    private static void endWhenOthersDidIt(Tx tx, Debt debt, Intent intent, Instant now) {
        boolean refused = intent.state() == IntentState.PARKED
                && intent.reason()
                        .filter(reason -> DONE_BY_OTHERS.contains(reason.code()))
                        .isPresent();
        if (refused && !ChainBook.movedFor(tx, debt.requireOrder()).isEmpty()) {
            IntentBook.fulfil(tx, intent.purpose(), now);
        }
    }

    /** One whose key turns out to be revoked, or whom a court condemned, must not keep the others from their pay. */
    private void leaveOutWhomItRefuses(Tx tx, Debt debt, List<Intent> intents, int at, Instant now) {
        var intent = intents.get(at);
        presentable.instead(tx, intent, debt, at).ifPresent(link -> {
            if (link.owesNothing()) {
                IntentBook.abandon(tx, intent.purpose(), "too few are left to be shown", now);
                LOG.atWarn()
                        .addKeyValue("jobId", debt.job())
                        .addKeyValue("purpose", intent.purpose())
                        .log(
                                "a part cannot be paid: too few are left who were not condemned and whose keys were not revoked");
                return;
            }
            var held = ReservationBook.find(tx, debt.job()).orElseThrow();
            var call = encoder.direct(held.order(), held.orderSignature(), link);
            if (!Arrays.equals(call.data(), intent.call().data())) {
                IntentBook.replan(tx, intent.purpose(), call, now);
                LOG.atWarn()
                        .addKeyValue("jobId", debt.job())
                        .log("shown without runs that were condemned or have revoked keys");
            }
        });
    }
}
