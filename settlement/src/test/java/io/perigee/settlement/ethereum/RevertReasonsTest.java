package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.chain.Revert;
import org.junit.jupiter.api.Test;

class RevertReasonsTest {
    private final RevertReasons reasons = new RevertReasons(EscrowCalls.errors());

    @Test
    void shouldNameTheSelectorOfAnErrorThatIsNotTheContracts() {
        // given
        var data = "0xe450d38c" + "0".repeat(24) + "11".repeat(20) + "0".repeat(63) + "1" + "0".repeat(63) + "2";

        // when
        var revert = reasons.read("execution reverted", data);

        // then
        assertThat(EscrowCalls.errors()).hasSizeGreaterThan(40);
        assertThat(revert.code()).isEqualTo(Revert.UNKNOWN);
        assertThat(revert.detail()).isEqualTo("unknown error 0xe450d38c");
    }

    @Test
    void shouldReadARequiresText() {
        // given
        var data = "0x08c379a0" + "0".repeat(62) + "20" + "0".repeat(62) + "03" + "616263" + "0".repeat(58);

        // when
        var revert = reasons.read("execution reverted: abc", data);

        // then
        assertThat(revert).isEqualTo(new Revert(Revert.UNKNOWN, "abc"));
    }

    @Test
    void shouldKeepTheNodesTextWhenThereIsNoData() {
        assertThat(reasons.read("execution reverted", null))
                .isEqualTo(new Revert(Revert.UNKNOWN, "execution reverted"));
    }

    @Test
    void shouldCutALongText() {
        assertThat(reasons.read("x".repeat(10_000), null).detail()).hasSizeLessThan(600);
    }
}
