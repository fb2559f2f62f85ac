package io.perigee.cli.settlement;

import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.settlement.Exit.State;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is sent for runs that can be shown. One that the contract refuses keeps none of the others from its money. */
final class Showing {
    private final Session session;
    private final Transactions transactions;
    private final Map<Digest, String> refused = new HashMap<>();

    Showing(Session session) {
        this.session = session;
        this.transactions = new Transactions(session);
    }

    /** The run, with what the contract says against it when it does. */
    Exit noted(Exit exit) {
        var why = refused.get(assignment(exit));
        return why == null || exit.state() == State.PAID ? exit : exit.noted(why);
    }

    /** Commitments that the hub gave no receipt for. */
    Transactions record(List<Exit> exits) {
        for (var exit : exits) {
            if (exit.state() == State.UNRECORDED) {
                add(
                        List.of(exit),
                        "record",
                        "recorded",
                        "commitment to border %d of order %s"
                                .formatted(exit.shown().seal().border(), SettleDirectCommand.name(exit)),
                        session.chain().directs().record(exit.shown().seal().commitment()));
            }
        }
        return transactions;
    }

    /** Groups that are a quorum at once, and each run that is in none by itself. */
    Transactions show(List<Exit> exits, Exits looked) {
        Set<Digest> shown = new HashSet<>();
        for (var quorum : looked.quorums(exits)) {
            settle(quorum).forEach(exit -> shown.add(assignment(exit)));
        }
        for (var exit : exits) {
            if (exit.state() == State.READY
                    && !shown.contains(assignment(exit))
                    && !refused.containsKey(assignment(exit))) {
                add(
                        List.of(exit),
                        "open",
                        "opened",
                        "order %s: %d of %d that must agree stand on chain"
                                .formatted(
                                        SettleDirectCommand.name(exit),
                                        exit.opened(),
                                        SettleDirectCommand.quorum(exit)),
                        session.chain().directs().open(exit.shown()));
            }
        }
        return transactions;
    }

    /**
     * The group, or what is left of it without the runs that the contract refuses one after another, as long as that is a
     * quorum.
     *
     * @return those whose call is taken
     */
    private List<Exit> settle(List<Exit> quorum) {
        var group = new ArrayList<>(quorum);
        while (!group.isEmpty()) {
            var why = add(
                    group,
                    "settle",
                    "settled",
                    "order %s: %d owners agree".formatted(SettleDirectCommand.name(group.getFirst()), group.size()),
                    session.chain()
                            .directs()
                            .direct(group.stream().map(Exit::shown).toList()));
            if (why.isEmpty()) {
                return group;
            }
            var named = group.stream().filter(exit -> blames(why, exit)).toList();
            // whoever is not to blame may go on without who is, or stand on chain by itself
            group.removeAll(named);
            group.forEach(exit -> refused.remove(assignment(exit)));
            if (named.isEmpty() || group.size() < SettleDirectCommand.quorum(quorum.getFirst())) {
                return List.of();
            }
        }
        return group;
    }

    /** @return what the contract says against it; empty when it would take it */
    private String add(List<Exit> exits, String verb, String done, String why, Call call) {
        try {
            var amount = exits.stream().map(Exit::due).reduce(Amount.ZERO, Amount::plus);
            transactions.add(verb, done, session.money().of(amount), why, call);
            return "";
        } catch (ChainFault e) {
            if (e.reason().isEmpty()) {
                throw e;
            }
            exits.forEach(exit -> refused.put(assignment(exit), "refused: " + e.reason()));
            return String.valueOf(e.getMessage());
        }
    }

    /** The contract's errors name the assignment, the provider, the commitment or the owner that they are about. */
    private static boolean blames(String why, Exit exit) {
        var run = exit.shown().run();
        return Stream.of(
                        run.assignmentHash().value(),
                        run.assignment().provider().value(),
                        run.assignment().owner().value(),
                        exit.shown().seal().commitment().digest(run.domain()).value())
                .anyMatch(why::contains);
    }

    private static Digest assignment(Exit exit) {
        return exit.shown().run().assignmentHash();
    }
}
