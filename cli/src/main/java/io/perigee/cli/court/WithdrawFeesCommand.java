package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            "What tickets earned, and the price of those asked back 2 W ago, is gathered first. For everybody whom a verdict brought something: accuser, accused, "
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
        var mine = tickets.of(court, wallet);
        var leaving = mine.stream()
                .map(ticket -> ripe(ticket, court, wallet))
                .flatMap(Optional::stream)
                .toList();
        var back = court.book().terms().ticketPrice().times(leaving.size());
        var earning = mine.stream().filter(ticket -> !ticket.earned().isZero()).toList();
        var earned = earning.stream().map(Tickets.Ticket::earned).reduce(Amount.ZERO, Amount::plus);
        var owed = court.book().owed(wallet);
        var all = owed.plus(earned).plus(back);
        List<Map<String, Object>> sent = List.of();
        if (!all.isZero()) {
            var transactions = new Transactions(session);
            var call = court.book().withdraw(wallet);
            var why = "from the court to the wallet";
            var price = court.money().of(court.book().terms().ticketPrice());
            leaving.forEach(redeem -> transactions.add("redeem", "redeemed", price, "a ticket asked back", redeem));
            if (!earning.isEmpty()) {
                transactions.add(
                        "gather",
                        "gathered",
                        court.money().of(earned),
                        "earned by %d tickets".formatted(earning.size()),
                        court.book()
                                .gather(earning.stream()
                                        .map(Tickets.Ticket::number)
                                        .toList()));
            }
            if (transactions.isEmpty()) {
                transactions.add("withdraw", "withdrawn", court.money().of(all), why, call);
            } else {
                transactions.later("withdraw", "withdrawn", court.money().of(all), why, call, USUAL_GAS);
            }
            transactions.announce();
            sent = transactions.send(yes, "Take it out?");
        }
        session.answer(
                Map.of("withdrawn", sent.isEmpty() ? Amount.ZERO : all, "transactions", sent),
                () -> session.say(all.isZero() ? "  the court owes this wallet nothing" : ""));
        return ExitCode.DONE;
    }

    /** Nothing while it still sits in a case: then the court refuses, and the others need not wait for it. */
    private Optional<Call> ripe(Tickets.Ticket ticket, Courtroom court, Address wallet) {
        if (!ticket.leaves() || court.now().isBefore(ticket.leavesAt())) {
            return Optional.empty();
        }
        var redeem = court.book().redeem(ticket.number());
        try {
            session.chain().estimate(wallet, redeem);
            return Optional.of(redeem);
        } catch (ChainFault e) {
            if (e.code() == ErrorCode.UNAVAILABLE) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
