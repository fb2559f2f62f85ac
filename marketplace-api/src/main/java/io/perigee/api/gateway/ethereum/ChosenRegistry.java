package io.perigee.api.gateway.ethereum;

import io.perigee.api.gateway.ProviderRegistry;
import io.perigee.api.settings.Settings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The registry of the settings, or none where a test has no chain. */
final class ChosenRegistry {
    @Produces
    @Singleton
    ProviderRegistry registry(Settings settings) {
        return settings.api().checkRegistry()
                ? new RpcProviderRegistry(
                        settings.chain().registry(), settings.chain().rpcUrl())
                : _ -> Optional.empty();
    }
}
