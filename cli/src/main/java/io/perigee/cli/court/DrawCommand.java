package io.perigee.cli.court;

import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.protocol.id.Digest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Names a case's judges. */
@Command(
        name = "draw",
        description = "draw a case's judges, two blocks after it was opened; anybody may",
        footer = {
            "",
            "With the hub's secret at any time, without it W/8 after the opening. There is one draw: whoever calls it "
                    + "cannot choose. A case that nobody draws within W ends without a verdict.",
            "",
            "Example: perigee court draw 7"
        })
final class DrawCommand extends StepCommand {
    @Option(
            names = "--secret",
            paramLabel = "HASH",
            description = "the hub's, which the accused's assignment commits to")
    private @Nullable String secret;

    DrawCommand(Session session) {
        super(session);
    }

    @Override
    void add(Transactions transactions, CaseState state, Courtroom court) {
        var told = secret == null ? Digest.ZERO : Digest.parse(secret);
        transactions.add(
                "draw",
                "drawn",
                "",
                "the judges of case %d, by their tickets".formatted(state.id()),
                court.book().draw(state, told));
    }
}
