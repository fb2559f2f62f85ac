package io.perigee.agent.execution;

import io.perigee.agent.identity.Enrolment;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether an assignment is what it seems: every signature and every number that must agree, before a byte of it is
 * fetched. Pure.
 */
final class AssignmentCheck {
    private static final long MILLION = 1_000_000;
    private static final long SECONDS_PER_HOUR = 3_600;
    private static final String STRICT = "strict";
    private static final Duration LONGEST_LEASE = Duration.ofDays(400);

    private AssignmentCheck() {}

    /** The answer. */
    sealed interface Answer {
        record Take() implements Answer {}

        /** The hub meant it, but this agent does not do it. */
        record Decline(String reason) implements Answer {}

        /** The hub's word is not in it, so it gets no answer. */
        record Ignore(String reason) implements Answer {}
    }

    static Answer check(AssignmentOffer work, Enrolment enrolment, Offer offer, MostBond mostBond, Instant now) {
        var domain = enrolment.domain();
        var assignment = work.assignment();
        var key = enrolment.sessionKey();
        if (!Signatures.isBy(key.hub(), assignment.digest(domain), work.hubSignature())) {
            return new Answer.Ignore("Expected an assignment signed by hub '%s', but it is not".formatted(key.hub()));
        }
        if (!assignment.provider().equals(key.provider()) || !assignment.owner().equals(key.owner())) {
            return new Answer.Ignore(
                    "Expected an assignment for provider '%s' of owner '%s', but it is for '%s' of '%s'"
                            .formatted(key.provider(), key.owner(), assignment.provider(), assignment.owner()));
        }
        if (work.sessionSerial() != key.serial()) {
            return decline("the serial of this agent's session key, %d".formatted(key.serial()), work.sessionSerial());
        }
        if (!assignment.orderHash().equals(work.order().digest(domain))) {
            return decline("the digest of the order that came along", assignment.orderHash());
        }
        if (!work.order().hub().equals(key.hub())) {
            return decline(
                    "an order for hub '%s'".formatted(key.hub()), work.order().hub());
        }
        if (!Signatures.isBy(work.order().builder(), work.order().digest(domain), work.orderSignature())) {
            return new Answer.Decline("Expected the order to be signed by builder '%s', but it is not"
                    .formatted(work.order().builder()));
        }
        if (!work.order().jobId().equals(work.jobId())) {
            return decline("job '%s'".formatted(work.jobId()), work.order().jobId());
        }
        var specHash = SpecHash.of(work.spec());
        if (!specHash.equals(work.order().specHash())) {
            return decline(
                    "a spec with the order's hash '%s'".formatted(work.order().specHash()), specHash);
        }
        if (assignment.issuedAt() < key.notBefore() || assignment.issuedAt() > key.expiresAt()) {
            // else the contract would take nothing that this key signed for it
            return decline(
                    "an assignment from the time of this agent's session key, %d to %d"
                            .formatted(key.notBefore(), key.expiresAt()),
                    assignment.issuedAt());
        }
        return terms(work, offer, mostBond, now);
    }

    private static Answer terms(AssignmentOffer work, Offer offer, MostBond mostBond, Instant now) {
        var assignment = work.assignment();
        int last = work.spec().borders();
        boolean inside = last == 0
                ? assignment.toBorder() == 0
                : assignment.fromBorder() < assignment.toBorder() && assignment.toBorder() <= last;
        if (!inside) {
            return decline(
                    "borders from 0 to %d".formatted(last), assignment.fromBorder() + " to " + assignment.toBorder());
        }
        if (assignment.role() == Role.REPLICA && assignment.toBorder() != last) {
            return decline("a replica that goes to border %d".formatted(last), assignment.toBorder());
        }
        if ((work.resumeFrom() == null) != (assignment.fromBorder() == 0)) {
            return new Answer.Decline("Expected a checkpoint exactly where the work begins after border 0, but it"
                    + " begins at border %d and %s"
                            .formatted(
                                    assignment.fromBorder(), work.resumeFrom() == null ? "names none" : "names one"));
        }
        if (work.order().segments() != work.spec().borders()) {
            return decline(
                    "an order for %d borders".formatted(work.spec().borders()),
                    work.order().segments());
        }
        var order = work.order();
        boolean inTime = order.validAfter() <= assignment.issuedAt()
                && assignment.issuedAt() <= assignment.leaseUntil()
                && assignment.leaseUntil() <= order.deadline();
        if (!inTime || assignment.leaseUntil() > now.plus(LONGEST_LEASE).getEpochSecond()) {
            // else the contract would never pay for it, or it would never end
            return decline(
                    "a lease from %d to %d at the latest, and %d days at most"
                            .formatted(order.validAfter(), order.deadline(), LONGEST_LEASE.toDays()),
                    assignment.issuedAt() + " to " + assignment.leaseUntil());
        }
        if (!order.maxPayment().covers(assignment.price())) {
            return decline(
                    "a price of at most %s, all that the order may cost".formatted(order.maxPayment()),
                    assignment.price());
        }
        if (assignment.leaseUntil() <= now.getEpochSecond()) {
            return decline("a lease that still runs", "it ended at " + Instant.ofEpochSecond(assignment.leaseUntil()));
        }
        // The zero class claims nothing: a builder's own image runs on any machine.
        if (!assignment.numericClass().isZero() && !offer.numericClasses().contains(assignment.numericClass())) {
            return decline("a numeric class this agent offers", assignment.numericClass());
        }
        if (assignment.numericClass().equals(NumericClass.STRICT)
                && !work.spec().trainer().equals(STRICT)) {
            // its bits differ between machines, and in this class a difference burns the bond
            return decline(
                    "trainer '%s' in class strict".formatted(STRICT),
                    "'" + work.spec().trainer() + "'");
        }
        var whole = price(work.spec(), offer);
        var least = last == 0 ? whole : whole.mulDivFloor(assignment.toBorder() - (long) assignment.fromBorder(), last);
        if (assignment.price().compareTo(least) < 0) {
            return decline("a price of at least %s".formatted(least), assignment.price());
        }
        var most = mostBond.of(whole);
        if (assignment.bond().compareTo(most) > 0) {
            return decline(
                    "a bond of at most %s, as this agent's most-bond settings say".formatted(most), assignment.bond());
        }
        return new Answer.Take();
    }

    /** What this agent's offer asks for the whole job, rounded up: by trained tokens, or by time where none are counted. */
    static Amount price(JobSpec spec, Offer offer) {
        return spec.train() == null
                ? offer.perHour().mulDivCeil(spec.deadlines().run(), SECONDS_PER_HOUR)
                : offer.perMillionTokens().mulDivCeil(spec.units(), MILLION);
    }

    private static Answer decline(String expected, Object actual) {
        return new Answer.Decline("Expected %s, but got '%s'".formatted(expected, actual));
    }

    /** The hash of an assignment, which is its name everywhere. */
    static Digest hash(AssignmentOffer work, Enrolment enrolment) {
        return work.assignment().digest(enrolment.domain());
    }
}
