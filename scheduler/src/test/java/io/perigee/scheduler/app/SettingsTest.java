package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.market.MarketPolicy;
import io.perigee.protocol.id.Address;
import io.smallrye.config.ConfigValidationException;
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
            Map.entry("perigee.chain.window", "24h"),
            Map.entry("perigee.chain.max-order", "604800"),
            Map.entry("perigee.scheduler.hub-key-file", "/keys/hub.json"),
            Map.entry("perigee.scheduler.hub-key-password-file", "/keys/password"));

    /** The fewest settings of a start. */
    static Map<String, String> needed() {
        return new HashMap<>(NEEDED);
    }

    @Test
    void shouldHaveADefaultForEverythingThatCanHaveOne() {
        // when
        var settings = Settings.of(NEEDED);

        // then
        var own = settings.scheduler();
        assertThat(own.hubKeyFile()).contains(Path.of("/keys/hub.json"));
        assertThat(own.hubKeyPasswordFile()).contains(Path.of("/keys/password"));
        assertThat(own.signerUrl()).isEmpty();
        assertThat(own.drawSecretFile()).isEmpty();
        assertThat(own.signerTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(own.opsPort()).isEqualTo(9002);
        assertThat(own.acceptTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(own.closingTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(own.crashLimit()).isEqualTo(3);
        assertThat(own.attemptsPerOwner()).isEqualTo(2);
        assertThat(own.maxAttempts()).isEqualTo(32);
        assertThat(own.bondPercent()).isEqualTo(100);
        assertThat(own.drawTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(own.reopenings()).isEqualTo(3);
        assertThat(own.drawConfirmations()).isEqualTo(2);
        assertThat(own.drawPoll()).isEqualTo(Duration.ofSeconds(1));
        assertThat(own.drawHeadAge()).isEqualTo(Duration.ofSeconds(10));
        assertThat(own.sweep()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.database().port()).isEqualTo(5432);
        assertThat(settings.kafka().partitions()).isEqualTo(6);
        assertThat(settings.kafka().replication()).isEqualTo(1);
        assertThat(settings.policy()).isEqualTo(MarketPolicy.standard(86_400, 604_800));
    }

    @Test
    void shouldAcceptWhatOtherServicesNeedOfTheChain() {
        // given
        var values = new HashMap<>(NEEDED);
        values.put("perigee.chain.registry", "0x" + "33".repeat(20));
        values.put("perigee.chain.epochs", "0x" + "55".repeat(20));
        values.put("perigee.chain.token", "0x" + "44".repeat(20));
        values.put("perigee.chain.rpc-url", "http://chain:8545");

        // when
        var settings = Settings.of(values);

        // then
        assertThat(settings.chain().rpcUrl()).contains("http://chain:8545");
    }

    @Test
    void shouldNameWhatIsMissing() {
        // given
        var values = new HashMap<>(NEEDED);
        values.remove("perigee.chain.escrow");
        values.remove("perigee.chain.window");

        // when + then
        assertThatThrownBy(() -> Settings.of(values))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("perigee.chain.escrow")
                .hasMessageContaining("perigee.chain.window");
    }

    @Test
    void shouldNameWhatIsMissingOfTheKey() {
        // given
        var without = new HashMap<>(NEEDED);
        without.remove("perigee.scheduler.hub-key-file");
        var half = new HashMap<>(NEEDED);
        half.remove("perigee.scheduler.hub-key-password-file");
        var remote = new HashMap<>(without);
        remote.put("perigee.scheduler.signer-url", "http://signer:9000");
        var both = new HashMap<>(NEEDED);
        both.put("perigee.scheduler.signer-url", "http://signer:9000");
        both.put("perigee.scheduler.draw-secret-file", "/keys/draw");

        // when + then
        assertThatThrownBy(() -> open(without)).hasMessageContaining("either a key file or a signer's URL");
        assertThatThrownBy(() -> open(half)).hasMessageContaining("perigee.scheduler.hub-key-password-file");
        assertThatThrownBy(() -> open(remote)).hasMessageContaining("perigee.scheduler.draw-secret-file");
        assertThatThrownBy(() -> open(both)).hasMessageContaining("both");
    }

    private static HubKey open(Map<String, String> values) {
        return HubKey.open(Settings.of(values).scheduler(), Address.ZERO);
    }

    @Test
    void shouldRefuseToCallAHeadOldBeforeTheNextIsAskedFor() {
        // given
        var values = new HashMap<>(NEEDED);
        values.put("perigee.scheduler.draw-poll", "10s");

        // when + then
        assertThatThrownBy(() -> Settings.of(values).headAge())
                .hasMessageContaining("draw-head-age to be longer than perigee.scheduler.draw-poll");
    }

    @Test
    void shouldRefuseAKeyItDoesNotKnow() {
        // given
        var values = new HashMap<>(NEEDED);
        values.put("perigee.scheduler.crash-limits", "3");

        // when + then
        assertThatThrownBy(() -> Settings.of(values)).hasMessageContaining("perigee.scheduler.crash-limits");
    }
}
