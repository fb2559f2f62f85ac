package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Words;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Becomes a judge. */
@Command(
        name = "enlist",
        description = "become a judge: buy tickets, each drawn with the same chance",
        footer = {
            "",
            "A judge runs one segment again and votes for the leaf it comes to; for that it is paid a fee. Who is drawn and "
                    + "silent loses the ticket. A judge must look often: there is W/2 to vote, and W/4 to open the vote. "
                    + "'perigee court delist' asks a ticket back, which leaves 2 W later.",
            "",
            "Example: perigee court enlist 3"
        })
final class EnlistCommand implements Callable<Integer> {
    private static final long USUAL_GAS = 60_000;
    private static final long GAS_A_TICKET = 30_000;

    private final Session session;

    @Parameters(paramLabel = "N", description = "how many tickets, 64 at most")
    private long count;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    EnlistCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var terms = court.book().terms();
        var price = terms.ticketPrice().times(Math.max(0, count));
        var transactions = court.taking(
                price,
                court.book().enlist(count),
                new Courtroom.Words(
                        "enlist",
                        "enlisted",
                        "%d at %s each; a case pays %s"
                                .formatted(
                                        count,
                                        court.money().of(terms.ticketPrice()),
                                        court.money().of(terms.fee()))),
                USUAL_GAS + count * GAS_A_TICKET);
        transactions.announce();
        session.say("  %s"
                .formatted(session.ink()
                        .dim("drawn, you have %s to vote and %s to open the vote; silent, you lose the ticket"
                                .formatted(
                                        Words.span(terms.window().dividedBy(2)),
                                        Words.span(terms.window().dividedBy(4))))));
        session.say("");
        var sent = transactions.send(yes, "Become a judge?");
        session.answer(
                Map.of("tickets", count, "paid", price, "transactions", sent),
                () -> session.say("    see which: perigee court tickets"));
        return ExitCode.DONE;
    }
}
