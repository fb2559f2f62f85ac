package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refused;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.ethereum.Credits.Credit;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an owner earned, taken out. */
@Command(
        name = "claim",
        description = "for owners: take out what your providers earned; asks the chain, not the hub",
        footer = {
            "",
            "Epochs pay into your free balance in the escrow; orders settled singly leave a credit for each "
                    + "assignment, which ripens. Both go to your payee, which is the wallet itself unless you named "
                    + "another. What is refused is named, and keeps nothing else back: the program then ends with 16.",
            "",
            "Example: perigee claim        perigee claim --from-block 21000000 --yes --json"
        })
public final class ClaimCommand implements Callable<Integer> {
    /** So many credits in one transaction stay far below what a block takes. */
    private static final int AT_ONCE = 200;

    private final Session session;

    @Option(
            names = "--from-block",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "look for credits from this block on: where the escrow was made, or later (default ${DEFAULT-VALUE})")
    private long fromBlock;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    ClaimCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var chain = session.chain();
        var owner = session.walletFile().address();
        var payee = chain.stakes().payee(owner);
        var free = chain.funds().free(owner);
        var credits = chain.credits().of(owner, fromBlock);
        var ripe = credits.stream()
                .filter(credit -> !credit.ripe().isZero() && !credit.frozen())
                .toList();
        var plan = new Plan(owner, payee);
        plan.withdraw(free);
        for (int from = 0; from < ripe.size(); from += AT_ONCE) {
            plan.collect(ripe.subList(from, Math.min(from + AT_ONCE, ripe.size())));
        }
        plan.refused.forEach(each -> each.say(session));
        var outcome = new Transactions.Outcome(List.of(), Map.of());
        if (!plan.transactions.isEmpty()) {
            plan.transactions.announce();
            outcome = plan.transactions.sendEach(
                    yes, "Claim %s?".formatted(session.money().of(plan.sum())));
        } else if (!plan.refused.isEmpty()) {
            throw plan.refused.getFirst().fault();
        }
        plan.refused.addAll(outcome.refused().values());
        report(payee, plan.sumWithout(outcome.refused().keySet()), credits, outcome.sent(), plan.refused);
        return plan.refused.isEmpty() ? ExitCode.DONE : ExitCode.PARTIAL;
    }

    /** What is sent. One that the contract refuses is named, and keeps none of the others back. */
    private final class Plan {
        private final Transactions transactions = new Transactions(session);
        private final List<Amount> amounts = new ArrayList<>();
        private final List<Refused> refused = new ArrayList<>();
        private final Address payee;
        private final String where;

        Plan(Address owner, Address payee) {
            this.payee = payee;
            where = payee.equals(owner) ? "the wallet" : "payee " + payee;
        }

        Amount sum() {
            return sumWithout(Set.of());
        }

        Amount sumWithout(Set<Integer> steps) {
            var sum = Amount.ZERO;
            for (int i = 0; i < amounts.size(); i++) {
                sum = steps.contains(i) ? sum : sum.plus(amounts.get(i));
            }
            return sum;
        }

        void withdraw(Amount free) {
            if (!free.isZero()) {
                add(
                                "withdraw",
                                "withdrawn",
                                free,
                                "free in the escrow, to " + where,
                                session.chain().funds().withdraw(payee, free))
                        .ifPresent(fault -> refused.add(new Refused(
                                "withdraw",
                                "%s free in the escrow, to payee %s"
                                        .formatted(session.money().of(free), payee),
                                fault)));
            }
        }

        /** Together when the contract takes them so; else those that it takes by themselves. */
        void collect(List<Credit> some) {
            if (tryCollecting(some).isEmpty()) {
                return;
            }
            var good = new ArrayList<Credit>();
            for (var one : some) {
                refusal(collecting(List.of(one)))
                        .ifPresentOrElse(
                                fault -> refused.add(new Refused(
                                        "collect",
                                        "%s of assignment %s, to payee %s"
                                                .formatted(session.money().of(one.ripe()), one.assignment(), payee),
                                        fault)),
                                () -> good.add(one));
            }
            if (!good.isEmpty() && tryCollecting(good).isPresent()) {
                good.forEach(one -> tryCollecting(List.of(one)));
            }
        }

        private Call collecting(List<Credit> some) {
            return session.chain()
                    .credits()
                    .collect(some.stream().map(Credit::assignment).toList());
        }

        /** @return what the contract says against it */
        private Optional<ChainFault> refusal(Call call) {
            try {
                session.chain().estimate(session.walletFile().address(), call);
                return Optional.empty();
            } catch (ChainFault e) {
                if (!Refused.is(e)) {
                    throw e;
                }
                return Optional.of(e);
            }
        }

        private Optional<ChainFault> tryCollecting(List<Credit> some) {
            return add(
                    "collect",
                    "collected",
                    some.stream().map(Credit::ripe).reduce(Amount.ZERO, Amount::plus),
                    some.size() == 1
                            ? "the ripe credit of assignment %s, to %s"
                                    .formatted(some.getFirst().assignment(), where)
                            : "%d ripe credits, to %s".formatted(some.size(), where),
                    collecting(some));
        }

        /** @return what the contract says against it */
        private Optional<ChainFault> add(String verb, String done, Amount amount, String why, Call call) {
            try {
                transactions.add(verb, done, session.money().of(amount), why, call);
                amounts.add(amount);
                return Optional.empty();
            } catch (ChainFault e) {
                if (!Refused.is(e)) {
                    throw e;
                }
                return Optional.of(e);
            }
        }
    }

    private void report(
            Address payee,
            Amount claimed,
            List<Credit> credits,
            List<Map<String, Object>> sent,
            List<Refused> refused) {
        var waiting = credits.stream()
                .filter(credit -> !credit.ripening().isZero() || credit.frozen())
                .toList();
        var document = new LinkedHashMap<String, Object>();
        document.put("payee", payee);
        document.put("claimed", claimed);
        document.put("waiting", waiting.stream().map(ClaimCommand::document).toList());
        document.put("transactions", sent);
        document.put("refused", refused.stream().map(Refused::document).toList());
        session.answer(document, () -> show(claimed, waiting, session.chain().now()));
    }

    private void show(Amount claimed, List<Credit> waiting, Instant now) {
        if (claimed.isZero()) {
            session.say("  nothing can be claimed now");
        }
        if (waiting.isEmpty()) {
            return;
        }
        var ink = session.ink();
        var table = new Table(ink, "waiting", ">", "ripe");
        var shown = new ArrayList<>(waiting);
        shown.sort(java.util.Comparator.comparing(Credit::ripeAt));
        for (var credit : shown) {
            table.row(
                    Words.brief(credit.assignment().value()),
                    session.money().of(credit.ripe().plus(credit.ripening())),
                    credit.frozen() ? ink.warn("when its dispute ends") : Words.instant(credit.ripeAt(), now));
        }
        session.say("");
        table.lines("  ").forEach(session::say);
    }

    private static Map<String, Object> document(Credit credit) {
        return Map.of(
                "assignment",
                credit.assignment(),
                "amount",
                credit.ripe().plus(credit.ripening()),
                "ripeAt",
                credit.ripeAt(),
                "disputed",
                credit.frozen());
    }
}
