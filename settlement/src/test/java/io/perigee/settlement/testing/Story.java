package io.perigee.settlement.testing;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
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
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** One job as its parties live and sign it. Valid by default; tests change what matters to them. */
public final class Story {
    public static final long PRICE = 1_000_000;
    public static final long BOND = 400_000;
    public static final int BORDERS = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    public final Market market;
    public final JobId job;
    public final JobSpec spec;
    public final JobOrder order;
    private final KeyPair builder;
    private final long issuedAt;

    private Story(Market market, JobId job, JobSpec spec, JobOrder order, KeyPair builder, long issuedAt) {
        this.builder = builder;
        this.issuedAt = issuedAt;
        this.market = market;
        this.job = job;
        this.spec = spec;
        this.order = order;
    }

    public static Story aJob(Market market) {
        return costing(market, 3 * PRICE);
    }

    public static Story costing(Market market, long maximum) {
        var bytes = new byte[Uuid7.RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        var job = new JobId(Uuid7.of(Instant.now(), bytes));
        var spec = Specs.costing(maximum);
        long now = market.time();
        var order = new JobOrder(
                market.builder.address(),
                market.hub.address(),
                job,
                SpecHash.of(spec),
                market.token(),
                Amount.of(maximum),
                BORDERS,
                2,
                true,
                now - 10,
                now + 3_600);
        return new Story(market, job, spec, order, market.builder, order.validAfter());
    }

    public Story with(JobOrder other) {
        return new Story(market, job, spec, other, builder, other.validAfter());
    }

    /** The same, assigned at that second. */
    public Story issued(long second) {
        return new Story(market, job, spec, order, builder, second);
    }

    /** The same job under an order of this builder that is settled by epoch and ends then. */
    public Story byEpoch(KeyPair other, long deadline) {
        var byEpoch = new JobOrder(
                other.address(),
                order.hub(),
                job,
                order.specHash(),
                order.token(),
                order.maxPayment(),
                order.segments(),
                order.quorum(),
                false,
                Math.min(order.validAfter(), Instant.now().getEpochSecond()),
                deadline);
        return new Story(market, job, spec, byEpoch, other, byEpoch.validAfter());
    }

    public Digest orderHash() {
        return order.digest(market.domain);
    }

    public Signature signature() {
        return builder.sign(orderHash());
    }

    public JobSubmitted submitted() {
        return new JobSubmitted(job, spec, SpecHash.of(spec), order, signature(), null);
    }

    public Assignment assignment(int attempt, Owner owner) {
        return assignment(attempt, owner, PRICE);
    }

    Assignment assignment(int attempt, Owner owner, long price) {
        return new Assignment(
                orderHash(),
                attempt,
                owner.provider(),
                owner.address(),
                Role.REPLICA,
                0,
                BORDERS,
                NumericClass.STRICT,
                Amount.of(price),
                Amount.of(BOND),
                Digest.ZERO,
                issuedAt,
                order.deadline() - 600);
    }

    /** A run to the last border that answers {@code answer}; equal answers agree. */
    public RunEvidence run(int attempt, Owner owner, String answer) {
        return run(attempt, owner, answer, BORDERS);
    }

    public RunEvidence run(int attempt, Owner owner, String answer, int border) {
        return run(assignment(attempt, owner), owner, answer, border);
    }

    /** The first two owners agree, with session keys that are good until this second. */
    public Payable agreedWithKeysUntil(long expiresAt) {
        var runs = List.of(market.owners.get(0), market.owners.get(1)).stream()
                .map(owner -> run(assignment(market.owners.indexOf(owner), owner), owner, "a", BORDERS, expiresAt))
                .toList();
        return new Payable(BORDERS, runs, List.of());
    }

    RunEvidence run(Assignment assignment, Owner owner, String answer, int border) {
        return run(assignment, owner, answer, border, order.deadline() + 1);
    }

    private RunEvidence run(Assignment assignment, Owner owner, String answer, int border, long keyExpiresAt) {
        var domain = market.domain;
        var assignmentHash = assignment.digest(domain);
        var key = new SessionKey(
                owner.address(), owner.provider(), owner.session().address(), market.hub.address(), 1, 0, keyExpiresAt);
        var opening = new Opening(
                Market.word("root of " + answer),
                border - assignment.fromBorder(),
                border == BORDERS ? Market.word("output of " + answer) : Digest.ZERO,
                Market.word("salt of " + owner.address() + border));
        var commitment = new Commitment(assignmentHash, border, Seal.of(assignmentHash, border, opening));
        var receipt = new Receipt(commitment.digest(domain), order.validAfter() + 5, 0);
        return new RunEvidence(
                assignment,
                market.hub.sign(assignmentHash),
                owner.session().sign(new Acceptance(assignmentHash).digest(domain)),
                key,
                owner.wallet().sign(key.digest(domain)),
                commitment,
                owner.session().sign(commitment.digest(domain)),
                receipt,
                market.hub.sign(receipt.digest(domain)),
                opening,
                List.of());
    }

    /** What the hub says when it assigns a run. */
    public JobAssigned assigned(int attempt, Owner owner) {
        var run = run(attempt, owner, "a");
        return new JobAssigned(
                job,
                attempt,
                run.assignment(),
                run.hubSignature(),
                run.sessionKey(),
                run.sessionKeySignature(),
                Instant.ofEpochSecond(issuedAt + 60),
                null);
    }

    /** The first two owners agree, and neither earns anything. */
    public Payable agreedForNothing() {
        var runs = List.of(market.owners.get(0), market.owners.get(1)).stream()
                .map(owner -> run(free(assignment(market.owners.indexOf(owner), owner)), owner, "a", BORDERS))
                .toList();
        return new Payable(BORDERS, runs, List.of());
    }

    private static Assignment free(Assignment at) {
        return new Assignment(
                at.orderHash(),
                at.attempt(),
                at.provider(),
                at.owner(),
                at.role(),
                at.fromBorder(),
                at.toBorder(),
                at.numericClass(),
                Amount.ZERO,
                at.bond(),
                at.secretHash(),
                at.issuedAt(),
                at.leaseUntil());
    }

    /** The first two owners agree. */
    public Payable agreed() {
        return new Payable(
                BORDERS, List.of(run(0, market.owners.get(0), "a"), run(1, market.owners.get(1), "a")), List.of());
    }

    /** The first owner ran it; the second and the third each ran one segment again and signed for the whole. */
    public Payable audited() {
        var run = run(0, market.owners.get(0), "a");
        return new Payable(
                BORDERS,
                List.of(run),
                List.of(),
                List.of(audit(1, market.owners.get(1), run), audit(2, market.owners.get(2), run)),
                null);
    }

    /** Somebody's run fell by audit; then the first owner ran it, and the others' verdicts stand behind that. */
    public Payable auditedAfterTheFallOf(Owner fallen) {
        var run = run(1, market.owners.get(0), "a");
        return new Payable(
                BORDERS,
                List.of(run),
                List.of(run(0, fallen, "forged")),
                List.of(audit(2, market.owners.get(1), run), audit(3, market.owners.get(2), run)),
                null);
    }

    /** An auditor's run of the last segment, and its verdict upon another's run. */
    public AuditEvidence audit(int attempt, Owner owner, RunEvidence upon) {
        var whole = assignment(attempt, owner);
        var assignment = new Assignment(
                whole.orderHash(),
                attempt,
                whole.provider(),
                whole.owner(),
                Role.AUDITOR,
                BORDERS - 1,
                BORDERS,
                whole.numericClass(),
                Amount.of(PRICE / BORDERS),
                whole.bond(),
                Digest.ZERO,
                whole.issuedAt(),
                whole.leaseUntil());
        var own = run(assignment, owner, "one segment", BORDERS);
        var verdict = new Verdict(
                assignment.digest(market.domain),
                upon.commitment().digest(market.domain),
                upon.opening().root(),
                upon.opening().outputDigest(),
                BORDERS);
        return new AuditEvidence(own, verdict, owner.session().sign(verdict.digest(market.domain)));
    }

    /** The second owner contradicts the first and the third. */
    public Payable disputed() {
        return new Payable(
                BORDERS,
                List.of(run(0, market.owners.get(0), "a"), run(2, market.owners.get(2), "a")),
                List.of(run(1, market.owners.get(1), "forged")));
    }
}
