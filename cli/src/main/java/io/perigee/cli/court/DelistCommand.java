package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends being a judge. */
@Command(
        name = "delist",
        description = "ask tickets back for their price, which can be had 2 W later, and when they sit in no case",
        footer = {
            "",
            "Courts that were called before may still draw them until then: watch on, since silence still costs them. "
                    + "Then 'perigee court withdraw' takes the price out.",
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
            if (ticket.stands()) {
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
        var sent = transactions.send(yes, "Ask them back?");
        var leavesAfter = court.book().terms().window().multipliedBy(2);
        session.answer(
                Map.of("transactions", sent),
                () -> session.say("    watch on; in %s: perigee court withdraw".formatted(Words.span(leavesAfter))));
        return ExitCode.DONE;
    }
}
