package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.protocol.id.Amount;
import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Play money, where money is play. */
@Command(
        name = "faucet",
        description = "get gas and test tokens; on a dev chain only",
        footer = {"", "Example: perigee faucet --amount 100"})
public final class FaucetCommand implements Callable<Integer> {
    private static final BigInteger TEN_COINS = BigInteger.TEN.pow(19);

    private final Session session;

    @Option(
            names = "--amount",
            paramLabel = "TOKENS",
            defaultValue = "1000",
            description = "how many tokens (default ${DEFAULT-VALUE})")
    private String amount = "1000";

    FaucetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var money = session.money();
        var tokens = Amount.ofTokens(amount, money.decimals());
        var chain = session.chain();
        var wallet = session.wallet();
        chain.fund(
                wallet.address(), TEN_COINS.max(chain.balances(wallet.address()).coin()));
        var sent = chain.mint(wallet, tokens);
        session.answer(
                Map.of(
                        "address",
                        wallet.address(),
                        "amount",
                        tokens,
                        "txHash",
                        sent.txHash(),
                        "gasUsed",
                        sent.gasUsed()),
                () -> session.say("  %s %s minted to %s, gas for transactions added"
                        .formatted(session.ink().done(), money.of(tokens), wallet.address())));
        return ExitCode.DONE;
    }
}
