package io.perigee.cli;

import io.perigee.cli.DevMarket.Owner;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.KeptVerdict;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Seal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What agents keep of their runs of one order, everything signed by who must sign it. */
final class SampleEvidence {
    static final long PRICE = 1_000_000;
    static final int BORDERS = 4;

    final DevMarket market;
    final JobOrder order;

    SampleEvidence(DevMarket market, String job, boolean direct, long deadline) {
        this.market = market;
        this.order = new JobOrder(
                market.builder.address(),
                market.hub.address(),
                new JobId(Uuid7.of(
                        Instant.ofEpochSecond(1_700_000_000),
                        Arrays.copyOf(DevMarket.word(job).bytes(), Uuid7.RANDOM_BYTES))),
                DevMarket.word("spec"),
                market.token(),
                Amount.of(3 * PRICE),
                BORDERS,
                2,
                direct,
                market.time() - 10,
                deadline);
    }

    Digest orderHash() {
        return order.digest(market.domain);
    }

    KeptEvidence receipted(Owner owner) {
        return of(owner, "the same", true, BORDERS);
    }

    KeptEvidence unreceipted(Owner owner) {
        return of(owner, "the same", false, BORDERS);
    }

    /** Equal answers agree. */
    KeptEvidence of(Owner owner, String answer, boolean receipted, int... borders) {
        return of(owner, Role.REPLICA, answer, receipted, borders);
    }

    private KeptEvidence of(Owner owner, Role role, String answer, boolean receipted, int... borders) {
        var assignment = assignment(owner, role);
        var hash = assignment.digest(market.domain);
        var key = new SessionKey(
                owner.address(),
                owner.provider(),
                owner.session().address(),
                market.hub.address(),
                1,
                0,
                order.deadline() + 1);
        return new KeptEvidence(
                KeptEvidence.VERSION,
                market.domain.chainId(),
                market.domain.escrow(),
                order,
                market.builder.sign(orderHash()),
                assignment,
                market.hub.sign(hash),
                key,
                owner.wallet().sign(key.digest(market.domain)),
                owner.session().sign(new Acceptance(hash).digest(market.domain)),
                Arrays.stream(borders)
                        .mapToObj(border -> seal(owner.session(), hash, answer, receipted, border))
                        .toList(),
                null);
    }

    /** The owner ran the first border again and signed for a run up to a border. */
    KeptEvidence auditing(Owner owner, KeptEvidence run, int border) {
        var own = of(owner, Role.AUDITOR, "the same", true, 1);
        var seal = run.seals().stream()
                .filter(kept -> kept.border() == border)
                .findFirst()
                .orElseThrow();
        var verdict = new Verdict(
                own.assignmentHash(),
                seal.commitment().digest(market.domain),
                seal.opening().root(),
                seal.opening().outputDigest(),
                border);
        return new KeptEvidence(
                own.version(),
                own.chainId(),
                own.escrow(),
                own.order(),
                own.orderSignature(),
                own.assignment(),
                own.hubSignature(),
                own.sessionKey(),
                own.sessionKeySignature(),
                own.acceptance(),
                own.seals(),
                new KeptVerdict(verdict, owner.session().sign(verdict.digest(market.domain))));
    }

    Assignment assignment(Owner owner) {
        return assignment(owner, Role.REPLICA);
    }

    private Assignment assignment(Owner owner, Role role) {
        return new Assignment(
                orderHash(),
                market.owners.indexOf(owner),
                owner.provider(),
                owner.address(),
                role,
                0,
                role == Role.AUDITOR ? 1 : BORDERS,
                NumericClass.STRICT,
                Amount.of(PRICE),
                Amount.of(1_000),
                Digest.ZERO,
                order.validAfter(),
                order.deadline());
    }

    private KeptSeal seal(KeyPair session, Digest assignment, String answer, boolean receipted, int border) {
        var opening = new Opening(
                DevMarket.word("root of " + answer + border),
                border,
                border == BORDERS ? DevMarket.word("output of " + answer) : Digest.ZERO,
                DevMarket.word("salt of " + session.address() + border));
        var commitment = new Commitment(assignment, border, Seal.of(assignment, border, opening));
        var receipt = new Receipt(commitment.digest(market.domain), order.validAfter() + 5, 0);
        return new KeptSeal(
                commitment,
                session.sign(commitment.digest(market.domain)),
                opening,
                receipted ? receipt : null,
                receipted ? market.hub.sign(receipt.digest(market.domain)) : null);
    }

    static List<Owner> two(DevMarket market) {
        return market.owners.subList(0, 2);
    }
}
