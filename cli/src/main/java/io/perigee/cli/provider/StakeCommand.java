package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.protocol.id.Amount;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stakes. */
@Command(
        name = "stake",
        description = "add to your stake, which answers for all your providers",
        footer = {"", "Example: perigee stake 100"})
public final class StakeCommand implements Callable<Integer> {
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
        var chain = session.chain();
        var transactions = new Transactions(session)
                .add(
                        "stake",
                        "staked",
                        money.of(tokens),
                        "more, from the wallet; may leave MAX_ORDER + 9 W after it is asked back",
                        chain.stake(session.wallet(), tokens));
        transactions.announce();
        var sent = transactions.send(
                yes, "Stake %s? A proven contradiction costs the bond of its attempt.".formatted(money.of(tokens)));
        var owner = session.wallet().address();
        var stake = chain.stake(owner);
        session.answer(
                Map.of("owner", owner, "stake", stake, "transactions", sent),
                () -> session.say("    %s at stake in all".formatted(money.of(stake))));
        return ExitCode.DONE;
    }
}
