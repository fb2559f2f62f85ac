package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves tokens into the escrow and sets them aside for the hub. */
@Command(
        name = "deposit",
        description = "move tokens into the escrow and allot them to the hub, so that jobs can be paid",
        footer = {"", "Example: perigee deposit 10        perigee deposit 20 --no-allot"})
public final class DepositCommand implements Callable<Integer> {
    /** What the contracts' gas snapshot says of {@code allot}, rounded up; it can be estimated only after the deposit. */
    private static final long ALLOT_GAS = 80_000;

    private final Session session;

    @Parameters(paramLabel = "TOKENS", description = "how much, such as 10 or 2.50")
    private String amount = "";

    @Option(names = "--no-allot", description = "leave it in the free balance: for bonds, such as a watchdog's")
    private boolean noAllot;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    DepositCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var money = session.money();
        var tokens = Amount.ofTokens(amount, money.decimals());
        var chain = session.chain();
        var wallet = session.wallet();
        var before = chain.balances(wallet.address());
        if (!before.tokens().covers(tokens)) {
            throw new Refusal(
                    ErrorCode.ALLOTMENT_TOO_SMALL,
                    "Expected %s in wallet %s, but it holds %s"
                            .formatted(money.of(tokens), wallet.address(), money.of(before.tokens())),
                    chain.market().chainId() == 31337
                            ? "On this dev chain: perigee faucet"
                            : "Send tokens to the wallet first");
        }
        var transactions = new Transactions(session);
        transactions.add(
                "deposit",
                "deposited",
                money.of(tokens),
                "of %s in the wallet, into escrow %s"
                        .formatted(
                                money.of(before.tokens()),
                                Words.brief(chain.market().escrow().value())),
                chain.deposit(wallet, tokens));
        if (!noAllot) {
            transactions.later(
                    "allot",
                    "allotted",
                    money.of(tokens),
                    "to hub %s; what no job uses can be recalled"
                            .formatted(Words.brief(chain.market().hub().value())),
                    chain.funds().allot(tokens),
                    ALLOT_GAS);
        }
        transactions.announce();
        var sent = transactions.send(yes, "Deposit %s?".formatted(money.of(tokens)));
        var after = chain.balances(wallet.address());
        session.answer(
                Map.of("amount", tokens, "free", after.free(), "allotment", after.allotted(), "transactions", sent),
                () -> session.say(
                        noAllot
                                ? "  %s are free in the escrow"
                                        .formatted(session.ink().bold(money.of(after.free())))
                                : "  the hub may now promise providers %s of yours"
                                        .formatted(session.ink().bold(money.of(after.allotted())))));
        return ExitCode.DONE;
    }
}
