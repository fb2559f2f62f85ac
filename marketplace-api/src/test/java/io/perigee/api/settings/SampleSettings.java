package io.perigee.api.settings;

import io.perigee.testkit.sample.Parties;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The settings of a hub of tests that starts nothing. */
public final class SampleSettings {
    private SampleSettings() {}

    /** With their defaults, but for keys and values that follow each other. */
    public static Settings of(String... keysAndValues) {
        var properties = new HashMap<>(Map.of(
                "perigee.hub.address", Parties.HUB.address().value(),
                "perigee.chain.id", Long.toString(Parties.DOMAIN.chainId()),
                "perigee.chain.escrow", Parties.DOMAIN.escrow().value(),
                "perigee.chain.registry", "0x00000000000000000000000000000000000000b0",
                "perigee.chain.epochs", "0x00000000000000000000000000000000000000e0",
                "perigee.chain.token", "0x0000000000000000000000000000000000000007",
                "perigee.chain.rpc-url", "http://127.0.0.1:8545/of-the-hub",
                "perigee.api.artifacts.dir", "/var/lib/perigee/artifacts"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .withMapping(Settings.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(Settings.class);
    }
}
