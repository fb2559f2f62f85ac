package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Address;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where the money is. */
@Command(
        name = "balance",
        description = "show where your money is, as the chain has it; the hub only says where the chain is",
        footer = {
            "",
            "The sums are the chain's word, never the hub's. With --rpc URL --escrow ADDRESS no hub is asked for anything.",
            "Example: perigee balance        perigee balance --address 0x1234..."
        })
public final class BalanceCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--address", paramLabel = "ADDRESS", description = "somebody else's")
    private @Nullable String address;

    BalanceCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var who = address == null ? session.walletFile().address() : Address.parse(address);
        var balances = session.chain().balances(who);
        var recalled = session.chain().funds().recalled(who);
        var stake = session.chain().stakes().of(who);
        var now = session.chain().now();
        var money = session.money();
        var document = new LinkedHashMap<String, Object>();
        document.put("address", who);
        document.put("coin", balances.coin().toString());
        document.put("tokens", balances.tokens());
        document.put("free", balances.free());
        document.put("allotted", balances.allotted());
        document.put("recalled", balances.recalled());
        document.put("stake", balances.stake());
        document.put("leavingStake", stake.leaving());
        session.answer(document, () -> {
            var ink = session.ink();
            session.say("");
            session.say("  " + ink.bold(who.value()));
            session.say("");
            var table = new Table(ink, "", ">", "");
            table.row("in the wallet", money.of(balances.tokens()), "");
            table.row("in escrow, free", money.of(balances.free()), "");
            table.row("allotted to the hub", money.of(balances.allotted()), ink.dim("pays for your jobs"));
            if (!balances.recalled().isZero()) {
                table.row(
                        "recalled",
                        money.of(balances.recalled()),
                        ink.dim(leaves(recalled.availableAt(), now, "perigee withdraw")));
            }
            if (!balances.stake().isZero()) {
                table.row("at stake", money.of(balances.stake()), ink.dim("answers for your providers"));
            }
            if (!stake.leaving().isZero()) {
                table.row(
                        "stake asked back",
                        money.of(stake.leaving()),
                        ink.dim(leaves(stake.availableAt(), now, "perigee unstake")));
            }
            table.row("for gas", Words.coin(balances.coin()), ink.dim("the chain's own coin"));
            table.lines("  ").forEach(session::say);
            session.say("");
        });
        return ExitCode.DONE;
    }

    private static String leaves(Instant at, Instant now, String command) {
        return now.isBefore(at) ? "may leave " + Words.instant(at, now) : "may leave now: " + command;
    }
}
