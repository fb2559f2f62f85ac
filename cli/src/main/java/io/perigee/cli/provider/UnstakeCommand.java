package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Stakes;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An owner's way out. */
@Command(
        name = "unstake",
        description = "take stake out: asked back now, it may leave after the registry's wait",
        footer = {
            "",
            "With TOKENS, or --all, stake is asked back: it stops counting for new assignments at once, and "
                    + "answers for older ones until it leaves, MAX_ORDER + 9 W later. Without, what may leave is taken out.",
            "",
            "Example: perigee unstake 100        and when its time is over: perigee unstake"
        })
public final class UnstakeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TOKENS", arity = "0..1", description = "how much to ask back, such as 100")
    private @Nullable String amount;

    @Option(names = "--all", description = "ask all of it back")
    private boolean all;

    @Option(names = "--to", paramLabel = "ADDRESS", description = "who gets what is taken out (default the wallet)")
    private @Nullable String to;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    UnstakeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var stakes = session.chain().stakes();
        var owner = session.walletFile().address();
        var now = session.chain().now();
        var state = stakes.of(owner);
        List<Map<String, Object>> sent = amount == null && !all ? finish(state, owner, now) : begin(state, now);
        report(stakes.of(owner), session.chain().now(), sent);
        return sent.isEmpty() ? ExitCode.STILL_RUNNING : ExitCode.DONE;
    }

    private List<Map<String, Object>> begin(Stakes.State state, Instant now) {
        var stakes = session.chain().stakes();
        if (amount != null && all) {
            throw new Refusal(ErrorCode.MALFORMED, "Expected an amount or --all, but got both", "perigee unstake 100");
        }
        var wanted = amount == null
                ? state.counting()
                : Amount.ofTokens(amount, session.money().decimals());
        if (wanted.isZero() || !state.counting().covers(wanted)) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected %s at stake to ask back, but there are %s"
                            .formatted(
                                    wanted.isZero()
                                            ? "something"
                                            : session.money().of(wanted),
                                    session.money().of(state.counting())),
                    "perigee balance");
        }
        var wait = stakes.unbondingTime();
        var transactions = new Transactions(session)
                .add(
                        "ask back",
                        "asked back",
                        session.money().of(wanted),
                        "of %s at stake; may leave %s (MAX_ORDER + 9 W = %s)"
                                .formatted(
                                        session.money().of(state.counting()),
                                        Words.instant(now.plus(wait), now),
                                        Words.span(wait)),
                        stakes.unstake(wanted));
        transactions.announce();
        if (!state.leaving().isZero()) {
            session.say("  %s asking back again starts the time again for the %s that wait already"
                    .formatted(session.ink().notice(), session.money().of(state.leaving())));
            session.say("");
        }
        return transactions.send(yes, "Ask back %s?".formatted(session.money().of(wanted)));
    }

    private List<Map<String, Object>> finish(Stakes.State state, Address owner, Instant now) {
        if (state.leaving().isZero()) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected stake that was asked back, but there is none; %s are at stake"
                            .formatted(session.money().of(state.counting())),
                    "Ask some back first: perigee unstake TOKENS");
        }
        if (!state.ripe(now)) {
            return List.of();
        }
        var target = to == null ? owner : Address.parse(to);
        var transactions = new Transactions(session)
                .add(
                        "take out",
                        "taken out",
                        session.money().of(state.leaving()),
                        "to %s".formatted(target.equals(owner) ? "the wallet" : target.value()),
                        session.chain().stakes().takeOut(target));
        transactions.announce();
        return transactions.send(yes, "Take %s out?".formatted(session.money().of(state.leaving())));
    }

    private void report(Stakes.State state, Instant now, List<Map<String, Object>> sent) {
        var document = new LinkedHashMap<String, Object>();
        document.put("stake", state.counting());
        document.put("leaving", state.leaving());
        if (!state.leaving().isZero()) {
            document.put("availableAt", state.availableAt());
        }
        document.put("disputes", state.disputes());
        document.put("transactions", sent);
        session.answer(document, () -> {
            if (!state.leaving().isZero()) {
                session.say("  %s %s on their way, may leave %s%s"
                        .formatted(
                                session.ink().active(),
                                session.money().of(state.leaving()),
                                Words.instant(state.availableAt(), now),
                                state.disputes() == 0 ? "" : ", kept by %d open disputes".formatted(state.disputes())));
            }
        });
    }
}
