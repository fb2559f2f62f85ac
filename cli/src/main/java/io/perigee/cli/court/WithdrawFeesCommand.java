package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.protocol.id.Amount;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes out of the court what it owes. */
@Command(
        name = "withdraw",
        description = "take out what the court owes the wallet: fees, tickets given back, bonds, what verdicts brought",
        footer = {
            "",
            "What tickets earned is gathered first. For everybody whom a verdict brought something: accuser, accused, "
                    + "builder, judges.",
            "",
            "Example: perigee court withdraw"
        })
final class WithdrawFeesCommand implements Callable<Integer> {
    private static final long USUAL_GAS = 60_000;

    private final Session session;

    @Mixin
    private Tickets tickets = new Tickets();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    WithdrawFeesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var wallet = session.walletFile().address();
        var earning = tickets.of(court, wallet).stream()
                .filter(ticket -> !ticket.earned().isZero())
                .toList();
        var earned = earning.stream().map(Tickets.Ticket::earned).reduce(Amount.ZERO, Amount::plus);
        var owed = court.book().owed(wallet);
        var all = owed.plus(earned);
        List<Map<String, Object>> sent = List.of();
        if (!all.isZero()) {
            var transactions = new Transactions(session);
            var call = court.book().withdraw(wallet);
            var why = "from the court to the wallet";
            if (earning.isEmpty()) {
                transactions.add("withdraw", "withdrawn", court.money().of(all), why, call);
            } else {
                transactions
                        .add(
                                "gather",
                                "gathered",
                                court.money().of(earned),
                                "earned by %d tickets".formatted(earning.size()),
                                court.book()
                                        .gather(earning.stream()
                                                .map(Tickets.Ticket::number)
                                                .toList()))
                        .later("withdraw", "withdrawn", court.money().of(all), why, call, USUAL_GAS);
            }
            transactions.announce();
            sent = transactions.send(yes, "Take it out?");
        }
        session.answer(
                Map.of("withdrawn", sent.isEmpty() ? Amount.ZERO : all, "transactions", sent),
                () -> session.say(all.isZero() ? "  the court owes this wallet nothing" : ""));
        return ExitCode.DONE;
    }
}
