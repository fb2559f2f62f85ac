package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.cli.ethereum.EpochBook.State;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A settler's way out, and its hub's when the settler is gone. */
@Command(
        name = "close",
        description =
                "for settlers and hubs: end the book of a hub's epochs, and take its bond out when its time is over",
        footer = {
            "",
            "Once nothing is posted that is not settled. The book posts no more from then on, and its bond may leave 9 W "
                    + "later; run the same command again then. The bond comes into the free balance: perigee claim.",
            "",
            "With the settler's wallet, or with the hub's when the settler's key is lost (--wallet): the bond goes to the settler "
                    + "either way, and the hub may then appoint another.",
            "",
            "Example: perigee settlement close --wallet settler.json"
        })
final class CloseBookCommand implements Callable<Integer> {
    private static final int WAIT_WINDOWS = 9;

    private final Session session;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    CloseBookCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var posts = new Posts(session, Optional.empty());
        var standing = mine(posts);
        var now = session.chain().now();
        List<Map<String, Object>> sent;
        if (standing.open()) {
            sent = begin(posts, standing, now);
        } else if (now.isBefore(standing.leavesAt())) {
            sent = List.of();
        } else {
            sent = finish(standing);
        }
        report(posts.standing(), session.chain().now(), sent);
        return sent.isEmpty() ? ExitCode.STILL_RUNNING : ExitCode.DONE;
    }

    private EpochBook.Standing mine(Posts posts) {
        var standing = posts.standing();
        var wallet = session.walletFile().address();
        if (!standing.settler().equals(wallet) && !session.market().hub().equals(wallet)) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected the wallet %s to be the settler of hub %s or that hub, but the settler is %s"
                            .formatted(wallet, session.market().hub(), standing.settler()),
                    "Name the settler's keystore file, or the hub's, with --wallet");
        }
        if (standing.bond().isZero()) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected a book with a bond in it, but there is none: it was never opened, its bond is out, or it was"
                            + " ruined",
                    "perigee balance");
        }
        return standing;
    }

    private List<Map<String, Object>> begin(Posts posts, EpochBook.Standing standing, Instant now) {
        var onTheirWay = posts.recent(now).stream()
                .map(EpochBook.Post::id)
                .distinct()
                .map(id -> Map.entry(id, session.chain().epochs().state(id)))
                .filter(each -> each.getValue() == State.PENDING || each.getValue() == State.FINAL)
                .findFirst();
        if (onTheirWay.isPresent()) {
            int number = onTheirWay.get().getKey().number();
            throw new Refusal(
                    ErrorCode.WRONG_STATE,
                    "Expected nothing posted that is not settled, but epoch %d is %s"
                            .formatted(number, Words.lower(onTheirWay.get().getValue())),
                    onTheirWay.get().getValue() == State.FINAL
                            ? "perigee settlement settle " + number
                            : "Wait until it is final, then: perigee settlement settle " + number);
        }
        var wait = posts.window().multipliedBy(WAIT_WINDOWS);
        var transactions = new Transactions(session)
                .add(
                        "close",
                        "closed",
                        session.money().of(standing.bond()),
                        "of bond may leave %s (9 W = %s); no more epochs until then"
                                .formatted(Words.instant(now.plus(wait), now), Words.span(wait)),
                        session.chain()
                                .epochs()
                                .close(standing.settler(), session.market().token()));
        transactions.announce();
        return transactions.send(yes, "Close the book?");
    }

    private List<Map<String, Object>> finish(EpochBook.Standing standing) {
        var transactions = new Transactions(session)
                .add(
                        "take out",
                        "taken out",
                        session.money().of(standing.bond()),
                        "of bond into the settler's free balance",
                        session.chain()
                                .epochs()
                                .withdrawBond(
                                        standing.settler(), session.market().token()));
        transactions.announce();
        return transactions.send(yes, "Take the bond out?");
    }

    private void report(EpochBook.Standing standing, Instant now, List<Map<String, Object>> sent) {
        var document = new LinkedHashMap<String, Object>();
        document.put("settler", standing.settler());
        document.put("hub", session.market().hub());
        document.put("bond", standing.bond());
        document.put("open", standing.open());
        if (!standing.open() && !standing.bond().isZero()) {
            document.put("availableAt", standing.leavesAt());
        }
        document.put("transactions", sent);
        session.answer(document, () -> {
            if (standing.bond().isZero()) {
                session.say("    it is in the free balance now: perigee claim");
            } else {
                session.say("  %s %s on their way, may leave %s"
                        .formatted(
                                session.ink().active(),
                                session.money().of(standing.bond()),
                                Words.instant(standing.leavesAt(), now)));
            }
        });
    }
}
