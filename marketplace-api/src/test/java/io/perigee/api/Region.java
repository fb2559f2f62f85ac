package io.perigee.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A region of a test's own, so that it finds there only the providers that it connected. */
final class Region implements AutoCloseable {
    private final String name = "r-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<TestAgent> agents = new ArrayList<>();

    /** A provider whose owner has stake, which the front door knows. */
    static SampleProvider staked() {
        var provider = SampleProvider.of("agent-" + UUID.randomUUID());
        Log.publish(new StakeChanged(provider.address(), Amount.of(1_000_000_000_000L), 1));
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.stake where owner = ?",
                                provider.address().value())
                        == 1,
                () -> "the stake did not arrive");
        return provider;
    }

    /** Connects the provider, which offers this in the region. */
    void connect(SampleProvider provider, OfferBuilder offer) {
        var agent = TestAgent.dial(provider);
        agents.add(agent);
        agent.hello(
                provider.sessionKey(),
                provider.sessionKeySignature(),
                offer.in(name).build());
        agent.next(HubMessage.Welcome.class);
        agent.beating();
    }

    /** The one that was connected so many others before it. */
    SampleProvider provider(int index) {
        return agents.get(index).provider();
    }

    /** Makes the spec ask for this region, and returns its placement. */
    ObjectNode demandedBy(ObjectNode spec) {
        var placement = spec.putObject("placement");
        placement.putArray("regions").add(name);
        return placement;
    }

    @Override
    public void close() {
        agents.forEach(TestAgent::vanish);
    }
}
