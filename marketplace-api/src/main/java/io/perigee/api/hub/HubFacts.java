package io.perigee.api.hub;

import io.perigee.api.settings.Settings;
import io.perigee.market.MarketPolicy;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.TrainerInfo;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;

/** What this hub is, from its settings, in the words of the protocol. */
@Singleton
public final class HubFacts {
    private final Settings.Hub hub;
    private final Settings.Chain chain;

    public HubFacts(Settings settings) {
        this.hub = settings.hub();
        this.chain = settings.chain();
    }

    public Address address() {
        return hub.address();
    }

    public Domain domain() {
        return new Domain(chain.id(), chain.escrow());
    }

    public Address token() {
        return chain.token();
    }

    public int tokenDecimals() {
        return chain.tokenDecimals();
    }

    public MarketPolicy policy() {
        return MarketPolicy.standard(chain.window(), chain.maxOrder());
    }

    HubInfo info(List<TrainerInfo> trainers) {
        return new HubInfo(
                hub.address(),
                chain.id(),
                chain.escrow(),
                chain.registry(),
                chain.epochs(),
                chain.token(),
                chain.tokenSymbol(),
                chain.tokenDecimals(),
                chain.window(),
                chain.maxOrder(),
                chain.publicRpcUrl().map(URI::toString).orElse(""),
                trainers);
    }
}
