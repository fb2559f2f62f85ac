package io.perigee.cli.provider;

import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Chain;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import java.util.List;
import java.util.Map;

/** Puts an owner's providers and stake on the chain, after a question; what is there already is left alone. */
final class Registration {
    private final Session session;
    private final Transactions transactions;

    Registration(Session session) {
        this.session = session;
        this.transactions = new Transactions(session);
    }

    /** An owner's provider of this name; to be registered when it is not. */
    ProviderId provider(String name) {
        var provider = Chain.providerId(session.walletFile().address(), name);
        if (session.chain().isRegistered(provider)) {
            already("registered", provider.toString());
        } else {
            transactions.add(
                    "register",
                    "registered",
                    name,
                    "as provider " + provider,
                    session.chain().register(name));
        }
        return provider;
    }

    /** The owner's stake is to be raised to this much. */
    void stakeUpTo(Amount wanted) {
        var money = session.money();
        var held = session.chain().stake(session.wallet().address());
        if (held.covers(wanted)) {
            already("staked", money.of(held));
            return;
        }
        var more = wanted.minus(held);
        transactions.add(
                "stake",
                "staked",
                money.of(more),
                "more, from the wallet, for %s in all".formatted(money.of(wanted)),
                session.chain().stake(session.wallet(), more));
    }

    /** Shows what will be signed, asks, and sends it. */
    List<Map<String, Object>> send(boolean yes, String question) {
        if (!transactions.isEmpty()) {
            transactions.announce();
        }
        return transactions.send(yes, question);
    }

    boolean isDone() {
        return transactions.isEmpty();
    }

    private void already(String done, String what) {
        session.say("  %s %-10s %s  %s"
                .formatted(session.ink().done(), done, what, session.ink().dim("was already")));
    }
}
