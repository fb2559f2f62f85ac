package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job: the fold of its facts.
 *
 * @param base the sizes of its base; null where they are not known
 * @param parts what runs that were given up have done of it, audited, in the order of their borders
 */
public record Job(
        JobId id,
        JobSpec spec,
        Digest specHash,
        JobOrder order,
        Signature orderSignature,
        @Nullable ModelShape base,
        Instant submittedAt,
        State state,
        List<Attempt> attempts,
        List<Part> parts) {
    /** So many declines use up one assignment of the policy's. */
    private static final int DECLINES = 8;

    /**
     * What a run that was given up has done.
     *
     * @param payable what it is owed, with its auditors
     * @param checkpoint where the next run begins
     */
    public record Part(Payable payable, ContentId checkpoint) {}

    public Job {
        attempts = List.copyOf(attempts);
        parts = List.copyOf(parts);
    }

    /**
     * The job after one more fact.
     *
     * @param job null before the first fact
     * @param at when the fact was decided, as its envelope says
     * @throws IllegalStateException when the fact cannot follow: a bug, or a log that was tampered with
     */
    public static Job apply(@Nullable Job job, JobFact fact, Instant at) {
        return Fold.apply(job, fact, at);
    }

    /** Owners that must agree. */
    public int quorum() {
        return order.quorum();
    }

    /** The border of the whole work; 0 for a job without segments, which is all or nothing. */
    public int lastBorder() {
        return order.segments();
    }

    /** The border up to which it is done and audited: where the next run begins. */
    public int doneTo() {
        return parts.isEmpty() ? 0 : parts.getLast().payable().toBorder();
    }

    /** What the next run begins from; null at border 0, which everybody can compute. */
    @Nullable
    ContentId resumeFrom() {
        return parts.isEmpty() ? null : parts.getLast().checkpoint();
    }

    /** What it owes when it ends with this: what is owed for its parts in any case. */
    Payable owing(Payable last) {
        return last.after(parts.stream().map(Part::payable).toList());
    }

    /** Whether one provider runs it and others audit it. */
    public boolean audited() {
        return spec.verification().policy() != VerificationPolicy.REPLICATE;
    }

    /** The block whose hash it waits for; empty when it waits for none. */
    public OptionalLong awaitedBlock() {
        return Drawing.awaitedBlock(this);
    }

    /**
     * Until when nobody who comes later is given what its auditors could have: as long after one was missing as a run may
     * take. Empty when it is not audited or lacks nobody.
     */
    public Optional<Instant> comesFirstUntil(MarketPolicy policy) {
        return state instanceof State.Auditing auditing && AuditWants.missing(this) > 0
                ? auditing.audit()
                        .map(file -> Deadlines.lackingSince(this, file).plusSeconds(Pricing.leaseSeconds(spec, policy)))
                : Optional.empty();
    }

    /** When something happens by itself; empty once the scheduler no longer owns the job. */
    public Optional<Instant> nextDeadline(MarketPolicy policy) {
        return Deadlines.next(this, policy);
    }

    /** What matching has to find for it now; who audits it is drawn only by {@link #alternatives}, which know the secret. */
    public Optional<PlacementRequest> wants(Instant now, MarketPolicy policy) {
        return alternatives(now, policy, (_, _) -> Digest.ZERO).stream().findFirst();
    }

    /**
     * The same, and what does as well when too few fit, the best first. Auditors: no two ask for the same number. An audited
     * run: the more owners could audit it, the more it may cost. Empty when the job wants nobody.
     *
     * @param secrets with one of them auditors are drawn; nobody else may see their seed before the audit is over
     */
    public List<PlacementRequest> alternatives(Instant now, MarketPolicy policy, HubSecrets secrets) {
        return Wants.of(this, now, policy, secrets);
    }

    /**
     * How many of the assignments that the policy has are used up. Who declines has done nothing and has nobody wait: so many
     * declines count as one that they are bounded, and no crowd that declines everything can end a job.
     */
    int used() {
        int declined = (int) attempts.stream()
                .filter(attempt ->
                        attempt.end().filter(AttemptEnd.DECLINED::equals).isPresent())
                .count();
        return attempts.size() - declined + declined / DECLINES;
    }

    public Optional<Attempt> attempt(Digest assignmentHash, Domain domain) {
        return attempts.stream()
                .filter(attempt -> attempt.assignment().digest(domain).equals(assignmentHash))
                .findFirst();
    }

    public Attempt attempt(int number) {
        return attempts.get(number);
    }

    /** Attempts that are not over. */
    public Stream<Attempt> open() {
        return attempts.stream().filter(attempt -> !attempt.ended());
    }

    /** Nothing runs and nothing was answered: as if it had never been placed, but for auditors of a run that fell. */
    boolean idle() {
        return open().allMatch(Attempt::audits) && attempts.stream().noneMatch(Failures::isAnswer);
    }

    Job in(State next) {
        return new Job(id, spec, specHash, order, orderSignature, base, submittedAt, next, attempts, parts);
    }

    Job with(Attempt attempt) {
        var more = new ArrayList<>(attempts);
        more.add(attempt);
        return new Job(id, spec, specHash, order, orderSignature, base, submittedAt, state, more, parts);
    }

    Job with(int number, UnaryOperator<Attempt> change) {
        var changed = new ArrayList<>(attempts);
        changed.set(number, change.apply(changed.get(number)));
        return new Job(id, spec, specHash, order, orderSignature, base, submittedAt, state, changed, parts);
    }

    Job with(Part part) {
        var more = new ArrayList<>(parts);
        more.add(part);
        return new Job(id, spec, specHash, order, orderSignature, base, submittedAt, state, attempts, more);
    }
}
