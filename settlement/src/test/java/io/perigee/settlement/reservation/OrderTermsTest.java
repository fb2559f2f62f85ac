package io.perigee.settlement.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.settlement.testing.Specs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OrderTermsTest {
    private static final Address HUB = Address.parse("0x" + "11".repeat(20));
    private static final Address TOKEN = Address.parse("0x" + "22".repeat(20));
    private static final Address BUILDER = Address.parse("0x" + "33".repeat(20));
    private static final JobId JOB = JobId.parse("01a207c9-b82f-7e39-92f1-67fa450492ba");
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final long SECOND = NOW.getEpochSecond();

    private final JobSpec spec = Specs.costing(2_500_000);
    private final OrderTerms terms = new OrderTerms(
            new Domain(1, Address.parse("0x" + "44".repeat(20))),
            HUB,
            TOKEN,
            Duration.ofSeconds(100),
            Duration.ofHours(2));

    @Test
    void shouldTakeAnOrderThatFits() {
        assertThat(terms.refuse(submitted(Order.fitting(spec)), NOW)).isEmpty();
    }

    @Test
    void shouldRefuseAnotherHub() {
        expect(ErrorCode.WRONG_HUB, "it names " + BUILDER, o -> o.hub(BUILDER));
    }

    @Test
    void shouldRefuseAnotherToken() {
        expect(ErrorCode.UNSUPPORTED, "it names " + BUILDER, o -> o.token(BUILDER));
    }

    @Test
    void shouldRefuseAnotherJob() {
        expect(
                ErrorCode.ORDER_MISMATCH,
                "it names '01a207c9-b82f-7e39-92f1-67fa450492bb'",
                o -> o.job(JobId.parse("01a207c9-b82f-7e39-92f1-67fa450492bb")));
    }

    @Test
    void shouldRefuseAnotherSpec() {
        expect(ErrorCode.ORDER_MISMATCH, "another spec hash", o -> o.specHash(Digest.ZERO));
    }

    @Test
    void shouldTakeAnOrderForAnEpochAndOneThatIsDirect() {
        for (boolean direct : List.of(true, false)) {
            assertThat(terms.refuse(submitted(Order.fitting(spec).direct(direct)), NOW))
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseAnOrderThatMayCostNothing() {
        expect(ErrorCode.PRICE_TOO_LOW, "maximum is 0", o -> o.maximum(0));
    }

    @Test
    void shouldRefuseAnOrderThatLivesTooLong() {
        expect(ErrorCode.ORDER_MISMATCH, "it lives 7201 s", o -> o.times(SECOND, SECOND + 7_201));
    }

    @Test
    void shouldRefuseAnOrderOfTheFuture() {
        expect(ErrorCode.ORDER_MISMATCH, "it is valid after", o -> o.times(SECOND + 121, SECOND + 7_000));
    }

    @Test
    void shouldRefuseAnOrderWithoutTimeForOneRunAndW() {
        expect(ErrorCode.ORDER_EXPIRED, "its deadline is in 759 s", o -> o.times(SECOND - 10, SECOND + 759));
        expect(ErrorCode.ORDER_EXPIRED, "its deadline is 5 s over", o -> o.times(SECOND - 10, SECOND - 5));
        assertThat(terms.refuse(submitted(Order.fitting(spec).times(SECOND - 10, SECOND + 760)), NOW))
                .isEmpty();
    }

    private void expect(ErrorCode code, String fact, UnaryOperator<Order> change) {
        var refusal =
                terms.refuse(submitted(change.apply(Order.fitting(spec))), NOW).orElseThrow();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.detail()).startsWith("Expected ").contains(fact);
    }

    private JobSubmitted submitted(Order o) {
        var order = new JobOrder(
                BUILDER,
                o.hub(),
                o.job(),
                o.specHash(),
                o.token(),
                Amount.of(o.maximum()),
                8,
                2,
                o.direct(),
                o.validAfter(),
                o.deadline());
        return new JobSubmitted(JOB, spec, SpecHash.of(spec), order, Signature.of(new byte[Signature.BYTES]), null);
    }

    private record Order(
            Address hub,
            JobId job,
            Digest specHash,
            Address token,
            long maximum,
            boolean direct,
            long validAfter,
            long deadline) {
        static Order fitting(JobSpec spec) {
            return new Order(HUB, JOB, SpecHash.of(spec), TOKEN, 2_500_000, true, SECOND - 5, SECOND + 3_600);
        }

        Order hub(Address other) {
            return new Order(other, job, specHash, token, maximum, direct, validAfter, deadline);
        }

        Order job(JobId other) {
            return new Order(hub, other, specHash, token, maximum, direct, validAfter, deadline);
        }

        Order specHash(Digest other) {
            return new Order(hub, job, other, token, maximum, direct, validAfter, deadline);
        }

        Order token(Address other) {
            return new Order(hub, job, specHash, other, maximum, direct, validAfter, deadline);
        }

        Order maximum(long other) {
            return new Order(hub, job, specHash, token, other, direct, validAfter, deadline);
        }

        Order direct(boolean other) {
            return new Order(hub, job, specHash, token, maximum, other, validAfter, deadline);
        }

        Order times(long from, long to) {
            return new Order(hub, job, specHash, token, maximum, direct, from, to);
        }
    }
}
