package io.perigee.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Origin;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    private static final Map<String, String> NEEDED = Map.of(
            "perigee.hub.address", "0x00000000000000000000000000000000000000aA",
            "perigee.chain.id", "31337",
            "perigee.chain.escrow", "0x00000000000000000000000000000000000000E5",
            "perigee.chain.registry", "0x00000000000000000000000000000000000000b0",
            "perigee.chain.epochs", "0x00000000000000000000000000000000000000e0",
            "perigee.chain.token", "0x0000000000000000000000000000000000000007",
            "perigee.chain.rpc-url", "http://127.0.0.1:8545",
            "perigee.api.artifacts.dir", "/var/lib/perigee/artifacts");

    @Test
    void shouldKeepItsDefaults() {
        // when
        var settings = read(NEEDED);

        // then
        assertThat(settings.database().host()).isEqualTo("127.0.0.1");
        assertThat(settings.database().port()).isEqualTo(5432);
        assertThat(settings.database().name()).isEqualTo("perigee");
        assertThat(settings.database().user()).isEqualTo("perigee");
        assertThat(settings.database().password()).isEqualTo("perigee");
        assertThat(settings.kafka().bootstrap()).isEqualTo("127.0.0.1:9092");
        assertThat(settings.chain().window()).isEqualTo(86_400);
        assertThat(settings.chain().maxOrder()).isEqualTo(2_592_000);
        assertThat(settings.chain().tokenSymbol()).isEqualTo("ptUSD");
        assertThat(settings.chain().tokenDecimals()).isEqualTo(6);
        var api = settings.api();
        assertThat(api.trainers()).isEmpty();
        assertThat(api.origins()).isEmpty();
        assertThat(api.heartbeat()).isEqualTo(Duration.ofSeconds(20));
        assertThat(api.deadAfter()).isEqualTo(3);
        assertThat(api.checkRegistry()).isTrue();
        assertThat(api.quoteValidity()).isEqualTo(Duration.ofMinutes(15));
        assertThat(api.artifacts().maxSize().asLongValue()).isEqualTo(64L << 30);
        assertThat(api.artifacts().quota().asLongValue()).isEqualTo(256L << 30);
        assertThat(api.artifacts().quotaWithoutAllotment().asLongValue()).isEqualTo(1L << 30);
        assertThat(api.artifacts().reserve().asLongValue()).isEqualTo(1L << 30);
        assertThat(api.artifacts().builderReserve().asLongValue()).isEqualTo(4L << 30);
        assertThat(api.artifacts().keep()).isEmpty();
        assertThat(api.artifacts().maxOpenUploads()).isEqualTo(64);
        assertThat(api.artifacts().uploadExpiry()).isEqualTo(Duration.ofHours(24));
        assertThat(api.sessions().challengeExpiry()).isEqualTo(Duration.ofMinutes(5));
        assertThat(api.sessions().expiry()).isEqualTo(Duration.ofHours(12));
        assertThat(api.events().keepAlive()).isEqualTo(Duration.ofSeconds(15));
        assertThat(api.events().progressInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(api.limits().json().asLongValue()).isEqualTo(1L << 20);
        assertThat(api.limits().batch().asLongValue()).isEqualTo(8L << 20);
        assertThat(api.limits().bodies().asLongValue()).isEqualTo(64L << 20);
        assertThat(api.limits().bodiesOfOne().asLongValue()).isEqualTo(16L << 20);
        assertThat(api.limits().batchJobs()).isEqualTo(1_000);
        assertThat(api.limits().batchesAtOnce()).isEqualTo(4);
        assertThat(api.limits().batchJobsPerMinute()).isEqualTo(60_000);
        assertThat(api.limits().jsonTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(api.limits().requestsPerMinute()).isEqualTo(3_000);
        assertThat(api.limits().signInsPerMinute()).isEqualTo(120);
        assertThat(api.limits().reportsPerMinute()).isEqualTo(6_000);
        assertThat(api.limits().offersPerMinute()).isEqualTo(60);
        assertThat(api.limits().logInsPerMinute()).isEqualTo(60);
        assertThat(api.limits().unheard().asLongValue()).isEqualTo(48L << 20);
        assertThat(api.limits().offers()).isEqualTo(10_000);
        assertThat(api.limits().jobsWaiting()).isEqualTo(20_000);
        assertThat(api.limits().eventStreams()).isEqualTo(64);
        assertThat(api.limits().database()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void shouldReadOriginsAsPeopleWriteThem() {
        // given
        var given = new HashMap<>(NEEDED);
        given.put("perigee.api.origins", "https://Hub.Example.org:443/, http://perigee-marketplace-api");

        // when
        var settings = read(given);

        // then
        assertThat(settings.api().origins().orElseThrow())
                .containsExactly(
                        Origin.parse("https://hub.example.org"), Origin.parse("http://perigee-marketplace-api"));
    }

    @Test
    void shouldRefuseAnOriginWithAPath() {
        // given
        var given = new HashMap<>(NEEDED);
        given.put("perigee.api.origins", "https://hub.example.org/api");

        // then
        assertThatThrownBy(() -> read(given)).hasMessageContaining("https://hub.example.org/api");
    }

    @Test
    void shouldReadAddressesInAnyCase() {
        // when
        var settings = read(NEEDED);

        // then
        assertThat(settings.hub().address()).isEqualTo(new Address("0x00000000000000000000000000000000000000aa"));
    }

    @Test
    void shouldAnswerToItsNamesInTheEnvironment() {
        // given
        var environment = new HashMap<String, String>();
        NEEDED.forEach((name, value) ->
                environment.put(name.replaceAll("[.-]", "_").toUpperCase(java.util.Locale.ROOT), value));
        environment.put("PERIGEE_API_DEAD_AFTER", "7");
        environment.put("PERIGEE_API_ARTIFACTS_DIR", "/data");

        // when
        var settings = new SmallRyeConfigBuilder()
                .withMapping(Settings.class)
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        100,
                        new io.quarkus.runtime.configuration.MemorySizeConverter())
                .withConverter(Duration.class, 100, new io.quarkus.runtime.configuration.DurationConverter())
                .withSources(new EnvConfigSource(environment, 300))
                .build()
                .getConfigMapping(Settings.class);

        // then
        assertThat(settings.api().deadAfter()).isEqualTo(7);
        assertThat(settings.api().artifacts().dir()).isEqualTo(Path.of("/data"));
    }

    @Test
    void shouldRefuseAKeyItDoesNotKnow() {
        // given
        var given = new HashMap<>(NEEDED);
        given.put("perigee.api.heart-beat", "5s");

        // then
        assertThatThrownBy(() -> read(given)).hasMessageContaining("perigee.api.heart-beat");
    }

    private static Settings read(Map<String, String> given) {
        return new SmallRyeConfigBuilder()
                .withMapping(Settings.class)
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        100,
                        new io.quarkus.runtime.configuration.MemorySizeConverter())
                .withConverter(Duration.class, 100, new io.quarkus.runtime.configuration.DurationConverter())
                .withSources(new PropertiesConfigSource(given, "test", 300))
                .build()
                .getConfigMapping(Settings.class);
    }
}
