package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.Sent;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves tokens into the escrow and sets them aside for the hub. */
@Command(
        name = "deposit",
        description = "move tokens into the escrow and allot them to the hub, so that jobs can be paid")
public final class DepositCommand implements Callable<Integer> {
    /** What the contracts' gas snapshot says of {@code allot}, rounded up; it can be estimated only after the deposit. */
    private static final long ALLOT_GAS = 80_000;

    private final Session session;

    @Parameters(paramLabel = "TOKENS", description = "how much, such as 10 or 2.50")
    private String amount = "";

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
        long gas = chain.estimateDeposit(wallet, tokens, session.clock().instant());
        announce(tokens, before.tokens(), gas);
        session.confirm(yes || session.json(), "Deposit %s?".formatted(money.of(tokens)));
        var deposited = chain.deposit(wallet, tokens, session.clock().instant());
        done("deposited", deposited);
        var allotted = chain.allot(wallet, tokens);
        done("allotted", allotted);
        var after = chain.balances(wallet.address());
        session.answer(
                Map.of("amount", tokens, "deposit", deposited, "allot", allotted, "allotment", after.allotted()),
                () -> session.say("  the hub may now promise providers %s of yours"
                        .formatted(session.ink().bold(money.of(after.allotted())))));
        return ExitCode.DONE;
    }

    private void announce(Amount tokens, Amount held, long gas) {
        var ink = session.ink();
        var market = session.chain().market();
        var money = session.money();
        session.say("");
        var table = new Table(ink, "", "", "");
        table.row(
                ink.dim("deposit"),
                money.of(tokens),
                "of %s in the wallet, into escrow %s"
                        .formatted(money.of(held), Words.brief(market.escrow().value())));
        table.row(
                ink.dim("allot"),
                money.of(tokens),
                "to hub %s; what no job uses can be recalled"
                        .formatted(Words.brief(market.hub().value())));
        table.row(
                ink.dim("gas"),
                "~" + Words.count(gas + ALLOT_GAS),
                "two transactions, at most %s of the chain's coin"
                        .formatted(coin(session.chain().worstFee(gas + ALLOT_GAS))));
        table.lines("  ").forEach(session::say);
        session.say("");
    }

    private void done(String what, Sent sent) {
        session.say("  %s %-9s  block %d, %s gas  %s"
                .formatted(
                        session.ink().done(),
                        what,
                        sent.block(),
                        Words.count(sent.gasUsed()),
                        session.ink().dim(sent.txHash())));
    }

    static String coin(BigInteger wei) {
        return new BigDecimal(wei, 18)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
