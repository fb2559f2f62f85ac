package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.execution.AssignmentCheck.Answer;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.Offer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class AssignmentCheckTest {
    private final Parties parties = Parties.fresh();
    private final AssignmentOffer work = AWork.of(parties).build();
    private MostBond mostBond = new MostBond(2_000, Optional.empty());

    private Answer check(AssignmentOffer offered) {
        return check(offered, Instant.now());
    }

    private Answer check(AssignmentOffer offered, Instant now) {
        var offer = new Offer(
                new Hardware("Linux", "amd64", "x", 2, List.of()),
                List.of(NumericClass.STRICT),
                List.of(),
                Amount.of(1_000_000),
                Amount.of(3_600_000),
                1,
                1L << 40,
                1L << 40,
                8,
                List.of(),
                "");
        return AssignmentCheck.check(offered, parties.enrolment("http://hub"), offer, mostBond, now);
    }

    private AssignmentOffer signed(Assignment assignment) {
        return new AssignmentOffer(
                work.jobId(),
                0,
                assignment,
                parties.hub().sign(assignment.digest(parties.domain())),
                work.order(),
                work.orderSignature(),
                work.spec(),
                1,
                null);
    }

    private AssignmentOffer with(UnaryOperator<AssignmentFields> change) {
        return signed(change.apply(AssignmentFields.of(work.assignment())).build());
    }

    /** The fields the tests change. */
    private record AssignmentFields(
            Assignment from,
            ProviderId provider,
            Role role,
            int toBorder,
            Digest numericClass,
            Amount price,
            Amount bond,
            long issuedAt,
            long leaseUntil) {
        static AssignmentFields of(Assignment a) {
            return new AssignmentFields(
                    a,
                    a.provider(),
                    a.role(),
                    a.toBorder(),
                    a.numericClass(),
                    a.price(),
                    a.bond(),
                    a.issuedAt(),
                    a.leaseUntil());
        }

        Assignment build() {
            return new Assignment(
                    from.orderHash(),
                    from.attempt(),
                    provider,
                    from.owner(),
                    role,
                    from.fromBorder(),
                    toBorder,
                    numericClass,
                    price,
                    bond,
                    from.secretHash(),
                    issuedAt,
                    leaseUntil);
        }

        AssignmentFields provider(ProviderId other) {
            return new AssignmentFields(from, other, role, toBorder, numericClass, price, bond, issuedAt, leaseUntil);
        }

        AssignmentFields role(Role other) {
            return new AssignmentFields(
                    from, provider, other, toBorder, numericClass, price, bond, issuedAt, leaseUntil);
        }

        AssignmentFields toBorder(int other) {
            return new AssignmentFields(from, provider, role, other, numericClass, price, bond, issuedAt, leaseUntil);
        }

        AssignmentFields numericClass(Digest other) {
            return new AssignmentFields(from, provider, role, toBorder, other, price, bond, issuedAt, leaseUntil);
        }

        AssignmentFields leaseUntil(long other) {
            return new AssignmentFields(from, provider, role, toBorder, numericClass, price, bond, issuedAt, other);
        }

        AssignmentFields bond(Amount other) {
            return new AssignmentFields(
                    from, provider, role, toBorder, numericClass, price, other, issuedAt, leaseUntil);
        }

        AssignmentFields issuedAt(long other) {
            return new AssignmentFields(from, provider, role, toBorder, numericClass, price, bond, other, leaseUntil);
        }

        AssignmentFields price(Amount other) {
            return new AssignmentFields(
                    from, provider, role, toBorder, numericClass, other, bond, issuedAt, leaseUntil);
        }
    }

    private static void assertDeclined(Answer answer, String... words) {
        assertThat(answer).isInstanceOf(Answer.Decline.class);
        assertThat(((Answer.Decline) answer).reason()).contains(words);
    }

    @Test
    void shouldTakeWhatTheHubAndTheBuilderSigned() {
        assertThat(check(work)).isEqualTo(new Answer.Take());
    }

    @Test
    void shouldTakeABuildersOwnImageInTheClassThatClaimsNothing() {
        assertThat(check(with(a -> a.numericClass(Digest.ZERO)))).isEqualTo(new Answer.Take());
        assertDeclined(
                check(with(a -> a.numericClass(NumericClass.STRICT))),
                "Expected trainer 'strict' in class strict, but got ''");
    }

    @Test
    void shouldNotAnswerWhatTheHubDidNotSign() {
        // given
        var stranger = Parties.fresh();
        var forged = new AssignmentOffer(
                work.jobId(),
                0,
                work.assignment(),
                stranger.hub().sign(work.assignment().digest(parties.domain())),
                work.order(),
                work.orderSignature(),
                work.spec(),
                1,
                null);
        var otherChain = new Domain(1, parties.domain().escrow());
        var elsewhere = new AssignmentOffer(
                work.jobId(),
                0,
                work.assignment(),
                parties.hub().sign(work.assignment().digest(otherChain)),
                work.order(),
                work.orderSignature(),
                work.spec(),
                1,
                null);

        // when
        var answers = List.of(check(forged), check(elsewhere), check(with(a -> a.provider(stranger.provider()))));

        // then
        assertThat(answers).hasOnlyElementsOfType(Answer.Ignore.class);
    }

    @Test
    void shouldDeclineAnOrderTheBuilderDidNotSign() {
        // given
        var forged = new AssignmentOffer(
                work.jobId(),
                0,
                work.assignment(),
                work.hubSignature(),
                work.order(),
                parties.owner().sign(work.order().digest(parties.domain())),
                work.spec(),
                1,
                null);

        // when
        var answer = check(forged);

        // then
        assertDeclined(answer, "signed by builder");
    }

    @Test
    void shouldDeclineASpecOtherThanTheOrdered() {
        // given
        var swapped = new AssignmentOffer(
                work.jobId(),
                0,
                work.assignment(),
                work.hubSignature(),
                work.order(),
                work.orderSignature(),
                AWork.of(parties).memory(1).spec(),
                1,
                null);

        // when
        var answer = check(swapped);

        // then
        assertDeclined(
                answer, "a spec with the order's hash", work.order().specHash().value());
    }

    @Test
    void shouldDeclineAnotherOrderUnderTheAssignment() {
        // given
        var other = AWork.of(parties).build();
        var swapped = new AssignmentOffer(
                work.jobId(),
                0,
                work.assignment(),
                work.hubSignature(),
                other.order(),
                other.orderSignature(),
                other.spec(),
                1,
                null);

        // when
        var answer = check(swapped);

        // then
        assertDeclined(answer, "the digest of the order");
    }

    @Test
    void shouldDeclineAnotherJobsNameAndAnotherSerial() {
        // given
        var renamed = new AssignmentOffer(
                JobId.parse("01890a5d-ac96-774b-bcce-b302099a8057"),
                0,
                work.assignment(),
                work.hubSignature(),
                work.order(),
                work.orderSignature(),
                work.spec(),
                1,
                null);
        var reserialed = new AssignmentOffer(
                work.jobId(),
                0,
                work.assignment(),
                work.hubSignature(),
                work.order(),
                work.orderSignature(),
                work.spec(),
                2,
                null);

        // when
        var first = check(renamed);
        var second = check(reserialed);

        // then
        assertDeclined(first, "Expected job");
        assertDeclined(second, "serial");
    }

    @Test
    void shouldDeclineTermsItDidNotOffer() {
        assertDeclined(check(with(a -> a.toBorder(2))), "a replica that goes to border 3", "2");
        assertDeclined(check(with(a -> a.toBorder(4))), "borders from 0 to 3", "0 to 4");
        assertDeclined(check(with(a -> a.toBorder(0))), "borders from 0 to 3", "0 to 0");
        assertDeclined(
                check(with(a -> a.numericClass(Digest.parse("0x" + "7".repeat(64))))),
                "a numeric class this agent offers");
        assertDeclined(check(with(a -> a.price(Amount.of(6_143)))), "at least 6144", "6143");
        assertDeclined(check(work, Instant.now().plusSeconds(601)), "a lease that still runs");
    }

    @Test
    void shouldDeclineTermsThatTheContractWouldNeverPay() {
        var order = work.order();
        assertDeclined(check(with(a -> a.leaseUntil(order.deadline() + 1))), "a lease from", "at the latest");
        assertDeclined(check(with(a -> a.leaseUntil(Long.MAX_VALUE))), "a lease from", "400 days at most");
        assertDeclined(
                check(with(a -> a.leaseUntil(work.assignment().issuedAt() - 1))), "a lease from", "at the latest");
        assertDeclined(check(with(a -> a.price(order.maxPayment().plus(Amount.of(1))))), "all that the order may cost");
    }

    @Test
    void shouldDeclineABondThatIsOutOfProportionToTheJob() {
        // given: it asks 6144 for the whole
        var most = with(a -> a.bond(Amount.of(6_144 * 20)));
        var more = with(a -> a.bond(Amount.of(6_144 * 20 + 1)));

        // when
        var taken = check(most);
        var declined = check(more);
        mostBond = new MostBond(2_000, Optional.of(Amount.of(999)));
        var limited = check(work);

        // then
        assertThat(taken).isInstanceOf(Answer.Take.class);
        assertDeclined(declined, "a bond of at most 122880", "122881");
        assertDeclined(limited, "a bond of at most 999", "1000");
    }

    @Test
    void shouldDeclineWhatItsSessionKeyIsNotGoodFor() {
        var key = parties.enrolment("http://hub").sessionKey();
        assertDeclined(check(with(a -> a.issuedAt(key.notBefore() - 100))), "time of this agent's session key");
        assertDeclined(check(with(a -> a.issuedAt(key.expiresAt() + 100))), "time of this agent's session key");
    }

    @Test
    void shouldTakeTheRestOfAJobAndAuditsOfAnyOfItsSegments() {
        var checkpoint = ContentId.parse("sha256:" + "c".repeat(64));
        for (var taken : List.of(
                AWork.of(parties).resuming(2, checkpoint),
                AWork.of(parties).auditing(0, 1, null),
                AWork.of(parties).auditing(1, 2, checkpoint),
                AWork.of(parties).auditing(2, 3, checkpoint),
                AWork.of(parties).auditing(0, 3, null))) {
            assertThat(check(taken.build())).isInstanceOf(Answer.Take.class);
        }
    }

    @Test
    void shouldDeclineWorkWithoutItsCheckpointOrWithOneTooMany() {
        var checkpoint = ContentId.parse("sha256:" + "c".repeat(64));
        assertDeclined(check(AWork.of(parties).auditing(1, 2, null).build()), "a checkpoint", "names none");
        assertDeclined(check(AWork.of(parties).resuming(0, checkpoint).build()), "a checkpoint", "names one");
        assertDeclined(check(AWork.of(parties).auditing(2, 2, checkpoint).build()), "borders from 0 to 3", "2 to 2");
        assertDeclined(check(AWork.of(parties).auditing(3, 4, checkpoint).build()), "borders from 0 to 3", "3 to 4");
    }

    @Test
    void shouldAskForTheShareOfThePriceThatIsTheShareOfTheWork() {
        // given
        UnaryOperator<AssignmentFields> segment = a -> a.role(Role.AUDITOR).toBorder(1);

        // when
        var enough = check(with(a -> segment.apply(a).price(Amount.of(2_048))));
        var less = check(with(a -> segment.apply(a).price(Amount.of(2_047))));

        // then
        assertThat(enough).isInstanceOf(Answer.Take.class);
        assertDeclined(less, "at least 2048", "2047");
    }

    @Test
    void shouldAskByTimeWhereNoTokensAreCounted() {
        // given
        var untrained = AWork.of(parties).borders(0).runSeconds(7).spec();
        var offer = new Offer(
                new Hardware("Linux", "amd64", "x", 2, List.of()),
                List.of(),
                List.of(),
                Amount.of(1),
                Amount.of(1_000),
                1,
                1,
                1,
                1,
                List.of(),
                "");

        // when
        var price = AssignmentCheck.price(untrained, offer);

        // then
        assertThat(price).isEqualTo(Amount.of(2));
    }
}
