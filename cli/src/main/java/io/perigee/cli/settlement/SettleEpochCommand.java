package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pays out a final epoch that its hub left. */
@Command(
        name = "settle",
        description = "pay out a final epoch: anybody may, and owners wait for it when the hub is gone",
        footer = {
            "",
            "Needs the chain alone: the accounts are in the post. It is paid whole or not at all: when builders' allotments and "
                    + "the bond do not cover it, it is void, and owners are paid by perigee settle-direct.",
            "",
            "Example: perigee settlement settle 20661"
        })
final class SettleEpochCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "EPOCH", description = "its number: an order's deadline in epoch seconds over W")
    private int number;

    @Option(
            names = "--settler",
            paramLabel = "ADDRESS",
            description = "who posted it, when the hub has another settler now")
    private @Nullable String settler;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    SettleEpochCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var posts = new Posts(session, Optional.ofNullable(settler).map(Address::parse));
        var id = posts.id(number);
        var post = posts.find(id)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.NOT_FOUND,
                        "Expected epoch %s to be posted, but no post was found".formatted(id),
                        "Check the number"));
        var epochs = session.chain().epochs();
        var state = epochs.state(id);
        if (state != EpochBook.State.FINAL) {
            throw new Refusal(
                    ErrorCode.WRONG_STATE,
                    "Expected epoch %s to be final, but it is %s".formatted(id, Words.lower(state)),
                    "perigee settlement verify " + number);
        }
        var accounts = post.accounts()
                .orElseThrow(() -> new Refusal(
                        ErrorCode.TOO_LARGE,
                        "Expected to read the accounts of epoch %s, but they speak of %d lines"
                                .formatted(id, post.lines()),
                        "Use another program"));
        var transactions = new Transactions(session)
                .add(
                        "settle",
                        "settled",
                        session.money().of(accounts.total()),
                        "of %d builders to %d owners"
                                .formatted(
                                        accounts.debits().size(),
                                        accounts.credits().size()),
                        epochs.settle(post, accounts));
        transactions.announce();
        var sent = transactions.send(yes, "Settle epoch %d?".formatted(number));
        var document = new LinkedHashMap<String, Object>();
        document.put("number", number);
        document.put("amount", accounts.total());
        document.put("transactions", sent);
        if (!sent.isEmpty()) {
            document.put("state", Words.lower(epochs.state(id)));
        }
        session.answer(document, () -> session.say(said(epochs.state(id))));
        return ExitCode.DONE;
    }

    /** The contract pays an epoch whole, or voids it. */
    private static String said(EpochBook.State state) {
        return state == EpochBook.State.NOTHING
                ? "    allotments and bond did not cover it: it is void, half the bond is yours, and owners go by: perigee"
                        + " settle-direct"
                : "    owners take it out with: perigee claim";
    }
}
