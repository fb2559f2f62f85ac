package io.perigee.cli.court;

import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.CaseState;
import picocli.CommandLine.Command;

/** Counts the votes. */
@Command(
        name = "close",
        description = "count a case's votes when the time to open them is over; anybody may",
        footer = {
            "",
            "Enough votes for one leaf decide. A first court that comes to nothing calls a second of nine; one that nobody "
                    + "drew within W ends. What it brought: perigee court withdraw.",
            "",
            "Example: perigee court close 7"
        })
final class CloseCommand extends StepCommand {
    CloseCommand(Session session) {
        super(session);
    }

    @Override
    void add(Transactions transactions, CaseState state, Courtroom court) {
        var view = new CaseView(state, court.now());
        transactions.add(
                "close",
                "closed",
                "",
                "case %d, %d of %d votes are opened"
                        .formatted(state.id(), view.revealed(), state.seats().size()),
                court.book().close(state));
    }
}
