package io.perigee.cli.provider;

import io.perigee.cli.Session;
import io.perigee.cli.ethereum.Chain;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;

/** Puts an owner's providers and stake on the chain; what is there already is left alone. */
final class Registration {
    private final Session session;

    Registration(Session session) {
        this.session = session;
    }

    /** An owner's provider of this name; registers it when it is not. */
    ProviderId register(String name) {
        var wallet = session.wallet();
        var provider = Chain.providerId(wallet.address(), name);
        if (session.chain().isRegistered(provider)) {
            session.say("  %s registered %s  %s"
                    .formatted(session.ink().done(), provider, session.ink().dim("was already")));
            return provider;
        }
        var sent = session.chain().register(wallet, name);
        session.say("  %s registered %s  %s"
                .formatted(
                        session.ink().done(),
                        provider,
                        session.ink().dim("block %d, %s gas".formatted(sent.block(), Words.count(sent.gasUsed())))));
        return provider;
    }

    /** Raises the owner's stake to this much. */
    void stakeUpTo(Amount wanted) {
        var money = session.money();
        var held = session.chain().stake(session.wallet().address());
        if (held.covers(wanted)) {
            session.say("  %s staked     %s  %s"
                    .formatted(
                            session.ink().done(), money.of(held), session.ink().dim("was already")));
            return;
        }
        add(wanted.minus(held));
    }

    void add(Amount amount) {
        var chain = session.chain();
        var sent = chain.send(session.wallet(), chain.stake(session.wallet(), amount));
        session.say("  %s staked     %s more  %s"
                .formatted(
                        session.ink().done(),
                        session.money().of(amount),
                        session.ink()
                                .dim("block %d, %s gas, %s"
                                        .formatted(sent.block(), Words.count(sent.gasUsed()), sent.txHash()))));
    }
}
