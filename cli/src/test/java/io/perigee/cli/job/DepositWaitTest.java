package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.cli.Refusal;
import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DepositWaitTest {
    private final List<Integer> rests = new ArrayList<>();
    private int asked;

    @Test
    void shouldWaitUntilTheHubHasSeenTheDeposit() {
        assertThat(new DepositWait(30, () -> true, rests::add).until(refusing(2, ErrorCode.ALLOTMENT_TOO_SMALL)))
                .isEqualTo("job");
        assertThat(rests).containsExactly(0, 1);
    }

    @Test
    void shouldNotWaitForADepositThatNobodyMade() {
        assertRefusedAfter(0, new DepositWait(30, () -> false, rests::add), ErrorCode.ALLOTMENT_TOO_SMALL);
    }

    @Test
    void shouldNotWaitWhenTheHubHasAnotherReason() {
        assertRefusedAfter(0, new DepositWait(30, () -> true, rests::add), ErrorCode.CONFLICT);
    }

    @Test
    void shouldNotWaitForEver() {
        assertRefusedAfter(3, new DepositWait(3, () -> true, rests::add), ErrorCode.ALLOTMENT_TOO_SMALL);
    }

    @Test
    void shouldPassOnTheHubsWordWhenTheChainCannotBeAsked() {
        var wait = new DepositWait(
                30,
                () -> {
                    throw new Refusal(ErrorCode.UNAVAILABLE, "Expected a node, but it is gone", "Start it");
                },
                rests::add);
        assertRefusedAfter(0, wait, ErrorCode.ALLOTMENT_TOO_SMALL);
    }

    private void assertRefusedAfter(int waits, DepositWait wait, ErrorCode code) {
        assertThatThrownBy(() -> wait.until(refusing(Integer.MAX_VALUE, code)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(code)).isTrue());
        assertThat(rests).hasSize(waits);
    }

    private Supplier<String> refusing(int times, ErrorCode code) {
        return () -> {
            if (asked++ < times) {
                throw new ApiException(new Problem(
                        "about:blank", code.name(), 409, code.name(), "Expected more", "Wait", false, "", List.of()));
            }
            return "job";
        };
    }
}
