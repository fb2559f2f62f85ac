package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.chain.Revert;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.abi.CustomErrorEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.CustomError;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

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
    void shouldSayTheValuesOfAnErrorOfTheContracts() {
        // given
        var error = new CustomError(
                "CreditImmature",
                List.of(
                        new TypeReference<Bytes32>() {},
                        new TypeReference<Uint256>() {},
                        new TypeReference<Uint256>() {}));
        var data = CustomErrorEncoder.encode(error).substring(0, 10) + "ab".repeat(32) + "0".repeat(62) + "2a"
                + "0".repeat(63) + "7";

        // when
        var revert = reasons.read("execution reverted", data);

        // then
        assertThat(revert).isEqualTo(new Revert("CreditImmature", "CreditImmature(0x" + "ab".repeat(32) + ", 42, 7)"));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x08c379a0",
                "0x08c379a0ff",
                "0x08c379a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0x08c379a00000000000000000000000000000000000000000000000000000000000000020"
                        + "00000000000000000000000000000000000000000000000000000000ffffffff",
                "0x08c379a0not hexadecimal at all"
            })
    void shouldNotStumbleOverATextThatIsCutOrNone(String data) {
        // when
        var revert = reasons.read("execution reverted", data);

        // then
        assertThat(revert.code()).isEqualTo(Revert.UNKNOWN);
        assertThat(revert.detail()).contains("execution reverted");
    }

    @Test
    void shouldNotStumbleOverACutErrorOfTheContracts() {
        // given
        var error = new CustomError("CreditImmature", List.of(new TypeReference<Bytes32>() {}));
        var whole = new CustomError(
                error.getName(),
                List.of(
                        new TypeReference<Bytes32>() {},
                        new TypeReference<Uint256>() {},
                        new TypeReference<Uint256>() {}));

        // when
        var revert = reasons.read(
                "execution reverted", CustomErrorEncoder.encode(whole).substring(0, 10) + "ab");

        // then
        assertThat(revert.detail()).isNotEmpty();
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
