package io.perigee.settlement.app;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.Durations;
import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.key.KeyFile;
import io.perigee.eventlog.key.KeySource;
import io.perigee.protocol.id.Address;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Everything the service is told at start: environment, system properties, application.properties. */
public record Settings(
        SettlementConfig settlement, ChainConfig chain, HubConfig hub, DatabaseConfig database, KafkaConfig kafka) {
    public static final String SCHEMA = "settlement";

    /**
     * Reads them.
     *
     * @throws io.smallrye.config.ConfigValidationException naming every value that is missing, wrong or unknown
     */
    public static Settings load() {
        return from(builder().addDefaultSources().addDiscoveredSources().build());
    }

    /** For tests and embedding: only these values, beside the defaults. */
    public static Settings of(Map<String, String> values) {
        return from(builder().withDefaultValues(values).build());
    }

    private static SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withConverter(Duration.class, 200, Durations::parseOrNull)
                .withMapping(SettlementConfig.class)
                .withMapping(ChainConfig.class)
                .withMapping(HubConfig.class)
                .withMapping(DatabaseConfig.class)
                .withMapping(KafkaConfig.class);
    }

    private static Settings from(SmallRyeConfig config) {
        return new Settings(
                config.getConfigMapping(SettlementConfig.class),
                config.getConfigMapping(ChainConfig.class),
                config.getConfigMapping(HubConfig.class),
                config.getConfigMapping(DatabaseConfig.class),
                config.getConfigMapping(KafkaConfig.class));
    }

    /**
     * Where the key of the account that pays for gas is.
     *
     * @throws IllegalArgumentException when the settings name none, or two
     */
    KeySource key() {
        var file = settlement
                .keyFile()
                .map(key -> new KeySource.File(
                        new KeyFile.Setting("perigee.settlement.key-file", key),
                        new KeyFile.Setting(
                                "perigee.settlement.key-password-file",
                                needed("key-password-file", settlement.keyPasswordFile()))));
        var remote = settlement
                .signerUrl()
                .map(url -> new KeySource.Remote(
                        url,
                        Address.parse(needed("signer-address", settlement.signerAddress())),
                        settlement.signerTimeout()));
        return KeySource.of("perigee.settlement", file, remote);
    }

    private static <T> T needed(String setting, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalArgumentException(
                "Expected perigee.settlement.%s to be set, but it is not".formatted(setting)));
    }

    DatabaseSettings databaseSettings() {
        return new DatabaseSettings(
                database.host(), database.port(), database.name(), SCHEMA, database.user(), database.password());
    }

    KafkaSettings kafkaSettings() {
        return new KafkaSettings(
                kafka.bootstrap(), kafka.partitions(), kafka.replication(), Duration.ofSeconds(10), Map.of());
    }
}
