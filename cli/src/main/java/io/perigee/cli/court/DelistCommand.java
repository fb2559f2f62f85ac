package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.protocol.error.ErrorCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends being a judge. */
@Command(
        name = "delist",
        description = "give tickets back for their price; one that sits in a case stays until it is closed",
        footer = {
            "",
            "The price is then among what the court owes you: perigee court withdraw.",
            "",
            "Example: perigee court delist --ticket 12        perigee court delist"
        })
final class DelistCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private Tickets tickets = new Tickets();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    DelistCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var transactions = new Transactions(session);
        var price = court.money().of(court.book().terms().ticketPrice());
        for (var ticket : tickets.of(court, session.walletFile().address())) {
            if (!ticket.gone()) {
                transactions.add(
                        "delist",
                        "delisted",
                        price,
                        "ticket " + ticket.number(),
                        court.book().delist(ticket.number()));
            }
        }
        if (transactions.isEmpty()) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND, "Expected a ticket to give back, but there is none", "perigee court tickets");
        }
        transactions.announce();
        var sent = transactions.send(yes, "Give them back?");
        session.answer(Map.of("transactions", sent), () -> session.say("    perigee court withdraw"));
        return ExitCode.DONE;
    }
}
