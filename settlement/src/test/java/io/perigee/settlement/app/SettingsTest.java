package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Map<String, String> NEEDED = Map.ofEntries(
            Map.entry("perigee.database.host", "db"),
            Map.entry("perigee.database.name", "perigee"),
            Map.entry("perigee.database.user", "u"),
            Map.entry("perigee.database.password", "p"),
            Map.entry("perigee.kafka.bootstrap", "kafka:9092"),
            Map.entry("perigee.hub.address", "0x" + "11".repeat(20)),
            Map.entry("perigee.chain.id", "31337"),
            Map.entry("perigee.chain.escrow", "0x" + "22".repeat(20)),
            Map.entry("perigee.chain.registry", "0x" + "33".repeat(20)),
            Map.entry("perigee.chain.epochs", "0x" + "55".repeat(20)),
            Map.entry("perigee.chain.token", "0x" + "44".repeat(20)),
            Map.entry("perigee.chain.rpc-url", "http://chain:8545"),
            Map.entry("perigee.chain.window", "24h"),
            Map.entry("perigee.chain.max-order", "604800"),
            Map.entry("perigee.settlement.key-file", "/keys/settler.json"),
            Map.entry("perigee.settlement.key-password-file", "/keys/password"));

    @Test
    void shouldHaveADefaultForEverythingThatCanHaveOne() {
        // when
        var settings = Settings.of(NEEDED);

        // then
        var own = settings.settlement();
        assertThat(own.keyFile()).contains(Path.of("/keys/settler.json"));
        assertThat(own.keyPasswordFile()).contains(Path.of("/keys/password"));
        assertThat(own.signerUrl()).isEmpty();
        assertThat(own.signerAddress()).isEmpty();
        assertThat(own.signerTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(own.confirmations()).isEqualTo(12);
        assertThat(own.startBlock()).isZero();
        assertThat(own.opsPort()).isEqualTo(9003);
        assertThat(own.poll()).isEqualTo(Duration.ofSeconds(1));
        assertThat(own.rpcTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(own.logRange()).isEqualTo(2_000);
        assertThat(own.maxInFlight()).isEqualTo(16);
        assertThat(own.answerSlots()).isEqualTo(4);
        assertThat(own.giveUpMargin()).isEqualTo(Duration.ofMinutes(3));
        assertThat(own.bumpAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(own.rebroadcast()).isEqualTo(Duration.ofSeconds(10));
        assertThat(own.parkFirst()).isEqualTo(Duration.ofSeconds(2));
        assertThat(own.parkLongest()).isEqualTo(Duration.ofMinutes(5));
        assertThat(own.minTip()).isEqualTo(BigInteger.valueOf(1_000_000));
        assertThat(own.maxFee()).isEqualTo(BigInteger.valueOf(200_000_000_000L));
        assertThat(own.lowBalance()).isEqualTo(BigInteger.valueOf(50_000_000_000_000_000L));
        assertThat(own.fundingWait()).isEqualTo(Duration.ofMinutes(5));
        assertThat(own.ledgerCheck()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.database().port()).isEqualTo(5432);
        assertThat(settings.kafka().partitions()).isEqualTo(6);
        assertThat(settings.kafka().replication()).isEqualTo(1);
        assertThat(settings.chain().window()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.chain().maxOrder()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void shouldNameWhatIsMissing() {
        // given
        var values = new HashMap<>(NEEDED);
        values.remove("perigee.chain.epochs");

        // when + then
        assertThatThrownBy(() -> Settings.of(values))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("perigee.chain.epochs");
    }

    @Test
    void shouldNameWhatIsMissingOfTheKey() {
        // given
        var without = new HashMap<>(NEEDED);
        without.remove("perigee.settlement.key-file");
        var half = new HashMap<>(NEEDED);
        half.remove("perigee.settlement.key-password-file");
        var remote = new HashMap<>(without);
        remote.put("perigee.settlement.signer-url", "http://signer:9000");
        var both = new HashMap<>(NEEDED);
        both.put("perigee.settlement.signer-url", "http://signer:9000");
        both.put("perigee.settlement.signer-address", "0x" + "66".repeat(20));

        // when + then
        assertThatThrownBy(() -> Settings.of(without).key())
                .hasMessageContaining("either a key file or a signer's URL");
        assertThatThrownBy(() -> Settings.of(half).key()).hasMessageContaining("perigee.settlement.key-password-file");
        assertThatThrownBy(() -> Settings.of(remote).key()).hasMessageContaining("perigee.settlement.signer-address");
        assertThatThrownBy(() -> Settings.of(both).key()).hasMessageContaining("both");
    }

    @Test
    void shouldRefuseAKeyItDoesNotKnow() {
        // given
        var values = new HashMap<>(NEEDED);
        values.put("perigee.settlement.confirmation", "3");

        // when + then
        assertThatThrownBy(() -> Settings.of(values)).hasMessageContaining("perigee.settlement.confirmation");
    }
}
