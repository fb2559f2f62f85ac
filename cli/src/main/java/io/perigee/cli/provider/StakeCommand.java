package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.protocol.id.Amount;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stakes. */
@Command(name = "stake", description = "add to your stake, which answers for all your providers")
final class StakeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TOKENS", description = "how much, such as 100")
    private String amount = "";

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    StakeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var money = session.money();
        var tokens = Amount.ofTokens(amount, money.decimals());
        session.confirm(
                yes || session.json(),
                "Stake %s? A proven contradiction costs the bond of its attempt.".formatted(money.of(tokens)));
        new Registration(session).add(tokens);
        var stake = session.chain().stake(session.wallet().address());
        session.answer(
                Map.of("owner", session.wallet().address(), "stake", stake),
                () -> session.say("    %s at stake in all".formatted(money.of(stake))));
        return ExitCode.DONE;
    }
}
