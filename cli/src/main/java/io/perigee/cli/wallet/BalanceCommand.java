package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Address;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where the money is. */
@Command(name = "balance", description = "show where your money is; asks the chain, not the hub")
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
        var money = session.money();
        var document = new LinkedHashMap<String, Object>();
        document.put("address", who);
        document.put("coin", balances.coin().toString());
        document.put("tokens", balances.tokens());
        document.put("free", balances.free());
        document.put("allotted", balances.allotted());
        document.put("recalled", balances.recalled());
        document.put("stake", balances.stake());
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
                table.row("recalled", money.of(balances.recalled()), ink.dim("on its way back"));
            }
            if (!balances.stake().isZero()) {
                table.row("at stake", money.of(balances.stake()), ink.dim("answers for your providers"));
            }
            table.row("for gas", Words.coin(balances.coin()), ink.dim("the chain's own coin"));
            table.lines("  ").forEach(session::say);
            session.say("");
        });
        return ExitCode.DONE;
    }
}
