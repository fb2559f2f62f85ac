package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A judge's standing. */
@Command(
        name = "tickets",
        description = "the wallet's tickets, what they earned, and what the court owes it",
        footer = {"", "Example: perigee court tickets"})
final class TicketsCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private Tickets tickets = new Tickets();

    TicketsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var judge = session.walletFile().address();
        var mine = tickets.of(court, judge);
        var owed = court.book().owed(judge);
        session.answer(Map.of("judge", judge, "tickets", mine, "owed", owed), () -> show(mine, owed, court));
        return ExitCode.DONE;
    }

    private void show(List<Tickets.Ticket> mine, Amount owed, Courtroom court) {
        var ink = session.ink();
        session.say("");
        if (mine.isEmpty()) {
            session.say("  no ticket; 'perigee court enlist N' buys some");
        } else {
            var table = new Table(ink, ">ticket", ">earned", "");
            mine.forEach(ticket -> table.row(
                    Long.toString(ticket.number()),
                    court.money().of(ticket.earned()),
                    ticket.gone()
                            ? ink.bad("lost by silence")
                            : ticket.leaves() ? leaving(ticket.leavesAt(), court.now()) : ""));
            table.lines("  ").forEach(session::say);
        }
        session.say("");
        session.say("  owed besides  %s".formatted(court.money().of(owed)));
        session.say("");
    }

    private static String leaving(Instant at, Instant now) {
        return now.isBefore(at)
                ? "asked back, may still be drawn; leaves " + Words.instant(at, now)
                : "its price is to be had: perigee court withdraw";
    }
}
