package io.perigee.settlement.payout;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.reservation.Reservation;
import io.perigee.settlement.reservation.ReservationBook;
import io.perigee.settlement.watch.ChainBook;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of a decided job can be shown. The contract takes no evidence that holds a run or a verdict whose session key was
 * revoked when it was assigned, or one that agrees and was condemned: whoever revokes in time, or has itself condemned,
 * would cost the others their pay. What is its own is out of reach; what is theirs is not, as long as a quorum is left.
 *
 * <p>By epoch condemned runs would still count. They are left out there as well: what an answer pays that a court found
 * wrong must not depend on the way.
 */
final class Presentable {
    private static final Logger LOG = LoggerFactory.getLogger(Presentable.class);
    private static final Set<String> REFUSALS = Set.of("KeyRevoked", "Condemned");

    private final Domain domain;

    Presentable(Domain domain) {
        this.domain = domain;
    }

    /** Without those of whom confirmed blocks say so, and without parts of which nobody can be paid any more. */
    Payable within(Tx tx, Reservation held, Payable payable) {
        var links = new ArrayList<Payable>();
        for (var link : payable.links()) {
            var standing = standing(tx, link);
            if (canPay(tx, held, link, standing)) {
                links.add(standing);
            } else if (standing.voices() < link.voices()) {
                LOG.atWarn()
                        .addKeyValue("jobId", held.job())
                        .addKeyValue("toBorder", link.toBorder())
                        .addKeyValue("voices", standing.voices())
                        .addKeyValue("quorum", held.order().quorum())
                        .log(
                                "a part cannot be paid: too few are left who were not condemned and whose keys were not revoked");
            }
        }
        return links.isEmpty() ? Payable.nothing() : links.getLast().after(links.subList(0, links.size() - 1));
    }

    /**
     * What to show instead of what the contract refused for such a run; nothing when nobody can be paid any more, and empty
     * while no confirmed block says whose.
     *
     * @param at which of the decided parts was refused
     */
    Optional<Payable> instead(Tx tx, Intent refused, Debt debt, int at) {
        boolean forARun = refused.state() == IntentState.PARKED
                && refused.reason()
                        .filter(reason -> REFUSALS.contains(reason.code()))
                        .isPresent();
        if (!forARun) {
            return Optional.empty();
        }
        var held = ReservationBook.find(tx, debt.job()).orElseThrow();
        return DebtBook.decision(tx, debt.job())
                .map(payable -> payable.links().get(at))
                .map(link -> {
                    var standing = standing(tx, link);
                    return canPay(tx, held, link, standing) ? standing : Payable.nothing();
                });
    }

    /** Whether a quorum of each part agrees, which an epoch must show for every line. */
    static boolean isAgreed(Reservation held, Payable payable) {
        return payable.links().stream().allMatch(link -> isAgreedBy(held, link));
    }

    private static boolean isAgreedBy(Reservation held, Payable link) {
        return link.voices() >= held.order().quorum();
    }

    /**
     * Fewer than a quorum can still be paid once its answer stands in the contract. Evidence that was too little from the
     * start is shown as it is: that is for an operator to see.
     */
    private boolean canPay(Tx tx, Reservation held, Payable link, Payable standing) {
        if (standing.winners().isEmpty()) {
            return false;
        }
        return isAgreedBy(held, standing)
                || standing.voices() == link.voices()
                || DebtBook.anyCredited(tx, voices(link).map(this::hash).toList());
    }

    private Payable standing(Tx tx, Payable link) {
        var winners = link.winners().stream().filter(run -> stands(tx, run)).toList();
        // verdicts are upon the first run
        boolean first =
                !winners.isEmpty() && winners.getFirst().equals(link.winners().getFirst());
        var audits = link.verdicts().stream()
                .filter(audit -> first && stands(tx, audit.run()))
                .toList();
        var contradictors =
                link.contradictors().stream().filter(run -> !isRevoked(tx, run)).toList();
        return link.by(winners).auditedBy(audits).against(contradictors);
    }

    private boolean stands(Tx tx, RunEvidence run) {
        return !isRevoked(tx, run) && !ChainBook.isCondemned(tx, hash(run));
    }

    private static boolean isRevoked(Tx tx, RunEvidence run) {
        return ChainBook.isRevokedBy(tx, run.sessionKey(), run.assignment().issuedAt());
    }

    private static Stream<RunEvidence> voices(Payable link) {
        return Stream.concat(link.winners().stream(), link.verdicts().stream().map(AuditEvidence::run));
    }

    private Digest hash(RunEvidence run) {
        return run.assignment().digest(domain);
    }
}
