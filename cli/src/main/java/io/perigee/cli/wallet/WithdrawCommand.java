package io.perigee.cli.wallet;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.Funds;
import io.perigee.cli.view.Table;
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

/** A builder's way out. */
@Command(
        name = "withdraw",
        description = "take money out of the escrow: what is free now, what is allotted after the escrow's wait",
        footer = {
            "",
            "What is allotted to a hub is asked back first. It stops counting for new orders at once, still pays "
                    + "for older ones, and may leave MAX_ORDER + 9 W later; run the same command again then. The hub is not "
                    + "needed.",
            "",
            "Example: perigee withdraw 12.5        perigee withdraw --all --to 0x1234..."
        })
public final class WithdrawCommand implements Callable<Integer> {
    /** What the contracts' gas snapshot says, rounded up: it follows a transaction that was not sent yet. */
    private static final long WITHDRAW_GAS = 70_000;

    private final Session session;

    @Parameters(paramLabel = "TOKENS", arity = "0..1", description = "how much, such as 10 or 2.50")
    private @Nullable String amount;

    @Option(names = "--all", description = "everything: free, on its way back, and allotted")
    private boolean all;

    @Option(names = "--to", paramLabel = "ADDRESS", description = "who gets it (default the wallet itself)")
    private @Nullable String to;

    @Option(names = "--free-only", description = "take out what is free, and ask nothing back from the hub")
    private boolean freeOnly;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    WithdrawCommand(Session session) {
        this.session = session;
    }

    /**
     * How an amount is come by.
     *
     * @param reclaimed on its way back and ripe: brought into the free balance first
     * @param withdrawn out of the free balance into the wallet
     * @param recalled asked back from the hub
     * @param waiting on its way back, not ripe
     */
    private record Plan(Amount reclaimed, Amount withdrawn, Amount recalled, Amount waiting) {}

    @Override
    public Integer call() {
        var chain = session.chain();
        var who = session.walletFile().address();
        var now = chain.now();
        var recalled = chain.funds().recalled(who);
        var plan = plan(chain.funds().free(who), chain.funds().allotted(who), recalled, now);
        var times = chain.funds().times();
        var transactions = transactions(plan, who, now, times);
        List<Map<String, Object>> sent = List.of();
        if (transactions.isEmpty()) {
            session.say("");
        } else {
            transactions.announce();
            if (!plan.waiting().isZero() && !plan.recalled().isZero()) {
                session.say("  %s asking back again starts the time again for the %s that wait until %s"
                        .formatted(
                                session.ink().notice(),
                                session.money().of(plan.waiting()),
                                Words.instant(recalled.availableAt(), now)));
                session.say("");
            }
            sent = transactions.send(yes, question(plan));
        }
        report(who, plan, sent);
        return sent.isEmpty() ? ExitCode.STILL_RUNNING : ExitCode.DONE;
    }

    private Plan plan(Amount free, Amount allotted, Funds.Recalled recalled, Instant now) {
        var reclaimed = recalled.ripe(now) ? recalled.amount() : Amount.ZERO;
        var waiting = recalled.ripe(now) ? Amount.ZERO : recalled.amount();
        var atHand = free.plus(reclaimed);
        var asked = freeOnly ? Amount.ZERO : allotted;
        var most = atHand.plus(freeOnly ? Amount.ZERO : waiting).plus(asked);
        var wanted = wanted(most);
        if (wanted.isZero() || !most.covers(wanted)) {
            throw new Refusal(
                    ErrorCode.ALLOTMENT_TOO_SMALL,
                    "Expected %s to withdraw, but there are %s free, %s on their way back and %s allotted"
                            .formatted(
                                    amount == null
                                            ? "something"
                                            : session.money().of(wanted),
                                    session.money().of(atHand),
                                    session.money().of(waiting),
                                    session.money().of(allotted)),
                    "perigee balance");
        }
        var withdrawn = least(wanted, atHand);
        var rest = wanted.minus(withdrawn);
        return new Plan(
                free.covers(wanted) ? Amount.ZERO : reclaimed, withdrawn, rest.minus(least(rest, waiting)), waiting);
    }

    private Amount wanted(Amount most) {
        if ((amount == null) != all) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected an amount or --all, but got %s".formatted(all ? "both" : "neither"),
                    "perigee withdraw 12.5");
        }
        return amount == null ? most : Amount.ofTokens(amount, session.money().decimals());
    }

    private Transactions transactions(Plan plan, Address who, Instant now, Funds.Times times) {
        var funds = session.chain().funds();
        var money = session.money();
        var target = to == null ? who : Address.parse(to);
        var transactions = new Transactions(session);
        if (!plan.reclaimed().isZero()) {
            transactions.add(
                    "reclaim",
                    "reclaimed",
                    money.of(plan.reclaimed()),
                    "asked back before, and its time is over",
                    funds.reclaim());
        }
        if (!plan.withdrawn().isZero()) {
            var call = funds.withdraw(target, plan.withdrawn());
            var where = "out of the escrow, to %s".formatted(target.equals(who) ? "the wallet" : target.value());
            if (plan.reclaimed().isZero()) {
                transactions.add("withdraw", "withdrawn", money.of(plan.withdrawn()), where, call);
            } else {
                transactions.later("withdraw", "withdrawn", money.of(plan.withdrawn()), where, call, WITHDRAW_GAS);
            }
        }
        if (!plan.recalled().isZero()) {
            transactions.add(
                    "ask back",
                    "asked back",
                    money.of(plan.recalled()),
                    "from hub %s; may leave %s (MAX_ORDER + 9 W = %s)"
                            .formatted(
                                    Words.brief(session.market().hub().value()),
                                    Words.instant(now.plus(times.recall()), now),
                                    Words.span(times.recall())),
                    funds.recall(plan.recalled()));
        }
        return transactions;
    }

    private String question(Plan plan) {
        var money = session.money();
        if (plan.withdrawn().isZero()) {
            return plan.recalled().isZero()
                    ? "Reclaim %s?".formatted(money.of(plan.reclaimed()))
                    : "Ask %s back?".formatted(money.of(plan.recalled()));
        }
        return plan.recalled().isZero()
                ? "Withdraw %s?".formatted(money.of(plan.withdrawn()))
                : "Withdraw %s now and ask %s back?".formatted(money.of(plan.withdrawn()), money.of(plan.recalled()));
    }

    private void report(Address who, Plan plan, List<Map<String, Object>> sent) {
        var funds = session.chain().funds();
        var left = funds.recalled(who);
        var now = session.chain().now();
        var document = new LinkedHashMap<String, Object>();
        document.put("withdrawn", sent.isEmpty() ? Amount.ZERO : plan.withdrawn());
        document.put("askedBack", sent.isEmpty() ? Amount.ZERO : plan.recalled());
        document.put("onItsWay", left.amount());
        if (!left.amount().isZero()) {
            document.put("availableAt", left.availableAt());
        }
        document.put("free", funds.free(who));
        document.put("transactions", sent);
        session.answer(document, () -> {
            if (left.amount().isZero()) {
                return;
            }
            var ink = session.ink();
            var table = new Table(ink, "", "", "");
            table.row(
                    ink.active() + " " + "on its way",
                    session.money().of(left.amount()),
                    left.ripe(now)
                            ? "may leave now: perigee withdraw"
                            : "may leave %s: then perigee withdraw again"
                                    .formatted(Words.instant(left.availableAt(), now)));
            table.lines("  ").forEach(session::say);
        });
    }

    private static Amount least(Amount one, Amount other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
