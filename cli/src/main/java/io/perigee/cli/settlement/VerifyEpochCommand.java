package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.cli.ethereum.EpochBook.Post;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.epoch.Finding;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Recomputes an epoch. */
@Command(
        name = "verify",
        description = "recompute an epoch from public data: the chain's post and the file that the hub publishes",
        footer = {
            "",
            "Ends with 0 when root, order, sums, debits and credits are what was posted; with 13 when they are "
                    + "not, and names the lines that prove it; with 15 when there is no file of the post: then its lines "
                    + "can be demanded on chain.",
            "",
            "Example: perigee settlement verify 20661        perigee settlement verify 20661 --file epoch.bin "
                    + "--json"
        })
final class VerifyEpochCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 20;

    private final Session session;

    @Parameters(paramLabel = "EPOCH", description = "its number: an order's deadline in epoch seconds over W")
    private int number;

    @Option(names = "--file", paramLabel = "FILE", description = "the lines, in place of the hub's file")
    private @Nullable Path file;

    @Option(
            names = "--epochs",
            paramLabel = "ADDRESS",
            description = "the epochs contract, in place of a hub or --escrow")
    private @Nullable String epochs;

    @Option(
            names = "--settler",
            paramLabel = "ADDRESS",
            description = "who posted it, when the hub has another settler now")
    private @Nullable String settler;

    VerifyEpochCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (epochs != null) {
            session.enterEpochs(Address.parse(epochs));
        }
        var posts = new Posts(session, Optional.ofNullable(settler).map(Address::parse));
        var id = posts.id(number);
        var post = posts.find(id)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.NOT_FOUND,
                        "Expected epoch %s to be posted, but no post was found from %s to %s"
                                .formatted(
                                        id,
                                        Instant.ofEpochSecond(id.postedFrom(posts.window())),
                                        Instant.ofEpochSecond(id.postedUntil(posts.window()))),
                        "Check the number; --settler names one whom the hub had before"));
        var state = session.chain().epochs().state(id);
        var checked = new EpochSource(session, Optional.ofNullable(file)).check(post);
        session.answer(document(post, state, checked), () -> show(post, state, checked, posts));
        return switch (checked) {
            case Checked.True _ -> ExitCode.DONE;
            case Checked.False _ -> ExitCode.PROOF_WRONG;
            case Checked.Withheld _ -> ExitCode.DATA_MISSING;
        };
    }

    private static Map<String, Object> document(Post post, EpochBook.State state, Checked checked) {
        var document = new LinkedHashMap<String, Object>();
        document.put("hub", post.id().hub());
        document.put("token", post.id().token());
        document.put("number", post.id().number());
        document.put("state", state.name().toLowerCase(Locale.ROOT));
        document.put("root", post.root());
        document.put("lines", post.lines());
        post.accounts().ifPresent(accounts -> {
            document.put("builders", accounts.debits().size());
            document.put("owners", accounts.credits().size());
            document.put("amount", accounts.total());
        });
        document.put("transaction", post.transaction());
        switch (checked) {
            case Checked.True _ -> document.put("verdict", "true");
            case Checked.False(var _, var findings) -> {
                document.put("verdict", "false");
                document.put(
                        "findings", findings.stream().map(Finding::sentence).toList());
            }
            case Checked.Withheld(var why) -> {
                document.put("verdict", "withheld");
                document.put("why", why);
            }
        }
        return document;
    }

    private void show(Post post, EpochBook.State state, Checked checked, Posts posts) {
        var ink = session.ink();
        var money = session.money();
        var id = post.id();
        session.say("");
        session.say("  %s   of hub %s".formatted(ink.bold("epoch " + id.number()), id.hub()));
        session.say("");
        var table = new Table(ink, "", "", "");
        table.row(ink.dim("state"), Words.lower(state), ink.dim(next(post, state, posts)));
        table.row(
                ink.dim("pays"),
                post.accounts().map(accounts -> money.of(accounts.total())).orElse("?"),
                people(post));
        table.row(ink.dim("root"), Words.brief(post.root().value()), says(checked, ink));
        table.row(ink.dim("posted in"), Words.brief(post.transaction()), "");
        table.lines("  ").forEach(session::say);
        session.say("");
        switch (checked) {
            case Checked.True _ ->
                session.say("  %s its lines come to what was posted: order, sums, root, debits and credits"
                        .formatted(ink.done()));
            case Checked.False(var _, var findings) -> wrong(findings, ink);
            case Checked.Withheld(var why) -> {
                session.say("  %s %s".formatted(ink.notice(), why));
                session.say("    its lines can be demanded: perigee settlement watch");
            }
        }
        session.say("");
    }

    private void wrong(List<Finding> findings, Ink ink) {
        session.say("  %s it is not true".formatted(ink.failed()));
        findings.stream().limit(MOST_SHOWN).forEach(finding -> session.say("    " + finding.sentence()));
        if (findings.size() > MOST_SHOWN) {
            session.say("    and %d more; --json names them".formatted(findings.size() - MOST_SHOWN));
        }
    }

    private static String people(Post post) {
        return "%s lines%s"
                .formatted(
                        Words.count(post.lines()),
                        post.accounts()
                                .map(accounts -> ", %d builders, %d owners"
                                        .formatted(
                                                accounts.debits().size(),
                                                accounts.credits().size()))
                                .orElse(""));
    }

    private static String says(Checked checked, Ink ink) {
        return switch (checked) {
            case Checked.True _ -> "as computed";
            case Checked.False _ -> ink.warn("as computed, from lines that are wrong");
            case Checked.Withheld _ -> ink.warn("not computed");
        };
    }

    private String next(Post post, EpochBook.State state, Posts posts) {
        var now = session.chain().now();
        return switch (state) {
            case NOTHING -> "void, or never posted as it stands; its orders are settled singly";
            case PENDING ->
                "may be demanded until "
                        + Words.instant(Instant.ofEpochSecond(post.id().demandedUntil(posts.window())), now);
            case FINAL ->
                "anybody may settle it: perigee settlement settle " + post.id().number();
            case SETTLED -> "owners have their money: perigee claim";
        };
    }
}
