package io.perigee.cli.court;

import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.CaseState;
import picocli.CommandLine.Command;

/** Seats others where judges are silent. */
@Command(
        name = "replace",
        description = "seat others in place of judges who did not vote in time; anybody may",
        footer = {
            "",
            "Within W/8 after the time to vote is over, twice at most. The silent lose their ticket, the new ones have W/4.",
            "",
            "Example: perigee court replace 7"
        })
final class ReplaceCommand extends StepCommand {
    ReplaceCommand(Session session) {
        super(session);
    }

    @Override
    void add(Transactions transactions, CaseState state, Courtroom court) {
        long silent = state.seats().stream().filter(seat -> !seat.committed()).count();
        transactions.add(
                "replace",
                "replaced",
                "",
                "%d of %d judges who are silent".formatted(silent, state.seats().size()),
                court.book().replace(state));
    }
}
