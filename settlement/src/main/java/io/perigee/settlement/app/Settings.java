package io.perigee.settlement.app;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.KafkaSettings;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

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

    DatabaseSettings databaseSettings() {
        return new DatabaseSettings(
                database.host(), database.port(), database.name(), SCHEMA, database.user(), database.password());
    }

    KafkaSettings kafkaSettings() {
        return new KafkaSettings(
                kafka.bootstrap(), kafka.partitions(), kafka.replication(), Duration.ofSeconds(10), Map.of());
    }
}
