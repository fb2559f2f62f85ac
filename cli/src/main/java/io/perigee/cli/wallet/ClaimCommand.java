package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
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
                    + "another.",
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
        var claimed = ripe.stream().map(Credit::ripe).reduce(free, Amount::plus);
        var transactions = transactions(owner, payee, free, ripe);
        List<Map<String, Object>> sent = List.of();
        if (!transactions.isEmpty()) {
            transactions.announce();
            sent = transactions.send(yes, "Claim %s?".formatted(session.money().of(claimed)));
        }
        report(payee, sent.isEmpty() ? Amount.ZERO : claimed, credits, sent);
        return ExitCode.DONE;
    }

    private Transactions transactions(Address owner, Address payee, Amount free, List<Credit> ripe) {
        var transactions = new Transactions(session);
        var where = payee.equals(owner) ? "the wallet" : "payee " + payee;
        if (!free.isZero()) {
            transactions.add(
                    "withdraw",
                    "withdrawn",
                    session.money().of(free),
                    "free in the escrow, to " + where,
                    session.chain().funds().withdraw(payee, free));
        }
        for (int from = 0; from < ripe.size(); from += AT_ONCE) {
            var some = ripe.subList(from, Math.min(from + AT_ONCE, ripe.size()));
            var sum = some.stream().map(Credit::ripe).reduce(Amount.ZERO, Amount::plus);
            transactions.add(
                    "collect",
                    "collected",
                    session.money().of(sum),
                    "%d ripe %s, to %s".formatted(some.size(), some.size() == 1 ? "credit" : "credits", where),
                    session.chain()
                            .credits()
                            .collect(some.stream().map(Credit::assignment).toList()));
        }
        return transactions;
    }

    private void report(Address payee, Amount claimed, List<Credit> credits, List<Map<String, Object>> sent) {
        var waiting = credits.stream()
                .filter(credit -> !credit.ripening().isZero() || credit.frozen())
                .toList();
        var document = new LinkedHashMap<String, Object>();
        document.put("payee", payee);
        document.put("claimed", claimed);
        document.put("waiting", waiting.stream().map(ClaimCommand::document).toList());
        document.put("transactions", sent);
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
