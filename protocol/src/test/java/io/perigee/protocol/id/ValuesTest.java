package io.perigee.protocol.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.Samples;
import io.perigee.protocol.error.InvalidValue;
import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "0x00", "00", "0X", "sha256:00"})
    void shouldRefuseHexOfTheWrongShape(String text) {
        assertThatThrownBy(() -> Digest.parse(text))
                .isInstanceOf(InvalidValue.class)
                .hasMessageStartingWith("Expected to read a 32-byte digest");
        assertThatThrownBy(() -> ProviderId.parse(text)).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> Signature.parse(text)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldKeepOneSpellingPerDigest() {
        assertThatThrownBy(() -> Digest.parse("0x" + "A".repeat(64))).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> ContentId.parse("sha256:" + "A".repeat(64))).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> ContentId.parse("SHA256:" + "a".repeat(64))).isInstanceOf(InvalidValue.class);
        assertThat(Address.parse("0xABCDEFabcdef0123456789ABCDEFabcdef012345").value())
                .isEqualTo("0xabcdefabcdef0123456789abcdefabcdef012345");
    }

    @Test
    void shouldTurnContentIdsIntoDigestsAndBack() {
        var id = ContentId.parse("sha256:" + "a1".repeat(32));
        assertThat(ContentId.of(id.digest())).isEqualTo(id);
        assertThat(id.digest().bytes()).hasSize(32).containsOnly(0xa1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "01",
                "1.0",
                "1e3",
                " 1",
                "0x1",
                "١",
                "115792089237316195423570985008687907853269984665640564039457584007913129639936"
            })
    void shouldRefuseAmountsThatAreNotPlainWholeNumbers(String text) {
        assertThatThrownBy(() -> Amount.parse(text)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldHoldTheWholeRangeOfTheChain() {
        var most = new Amount(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
        assertThat(Amount.parse(most.toString())).isEqualTo(most);
        assertThatThrownBy(() -> most.plus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Amount.ZERO.minus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
        assertThat(most.mulDivFloor(3, 3)).isEqualTo(most);
    }

    @Test
    void shouldRoundAsItsNameSays() {
        assertThat(Amount.of(10).mulDivFloor(1, 3)).isEqualTo(Amount.of(3));
        assertThat(Amount.of(10).mulDivCeil(1, 3)).isEqualTo(Amount.of(4));
        assertThat(Amount.of(9).mulDivCeil(1, 3)).isEqualTo(Amount.of(3));
    }

    @ParameterizedTest
    @CsvSource({
        "2.50,6,2500000,2.5",
        "0.000001,6,1,0.000001",
        "100,6,100000000,100",
        "0,6,0,0",
        "7,0,7,7",
        "1000000,18,1000000000000000000000000,1000000"
    })
    void shouldConvertTokensExactly(String tokens, int decimals, String units, String shown) {
        assertThat(Amount.ofTokens(tokens, decimals)).isEqualTo(Amount.parse(units));
        assertThat(Amount.parse(units).toTokens(decimals)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "2,50", "0.0000001", "1e6", ".5", "5.", "NaN", "2.50 USD"})
    void shouldRefuseTokensItCannotHoldExactly(String tokens) {
        assertThatThrownBy(() -> Amount.ofTokens(tokens, 6)).isInstanceOf(InvalidValue.class);
    }

    @ParameterizedTest
    @CsvSource({"2e-4,0.0002", "0.00020,0.0002", "-0,0", "0.0,0", "1E2,100", "-1.50,-1.5", "007,7", "1e+1,10"})
    void shouldSpellDecimalsInOneWay(String text, String normal) {
        assertThat(Decimal.parse(text).value()).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "Infinity", "1e400", "1,5", "0x1", "--1", "1.", ".1", " 1"})
    void shouldRefuseWhatIsNoDecimal(String text) {
        assertThatThrownBy(() -> Decimal.parse(text)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldMakeSortableVersion7Ids() {
        for (int seed = 0; seed < 50; seed++) {
            // given
            var samples = new Samples(seed);
            var at = Instant.ofEpochMilli(1_790_000_000_000L + seed);

            // when
            var early = new JobId(Uuid7.of(at, samples.bytes(10)));
            var late = new JobId(Uuid7.of(at.plusMillis(1), samples.bytes(10)));

            // then
            assertThat(early).isLessThan(late);
            assertThat(early.value().getMostSignificantBits() >>> 16).isEqualTo(at.toEpochMilli());
            assertThat(JobId.parse(early.toString())).isEqualTo(early);
            assertThat(JobId.ofBytes32(early.bytes32())).isEqualTo(early);
        }
    }

    @Test
    void shouldRefuseOtherIds() {
        assertThatThrownBy(() -> JobId.parse("0198f3a1-b2c4-4d8e-9fa0-b1c2d3e4f506"))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> JobId.parse("1-1-1-1-1")).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> JobId.parse("nonsense")).isInstanceOf(InvalidValue.class);
        var tail = new JobId(Uuid7.of(Instant.EPOCH, new byte[10])).bytes32();
        tail[31] = 1;
        assertThatThrownBy(() -> JobId.ofBytes32(tail)).isInstanceOf(InvalidValue.class);
    }
}
