package io.perigee.cli.settlement;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.Call;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.ethereum.Sent;
import io.perigee.cli.view.Words;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A watchdog: anybody's, with a wallet of its own. */
@Command(
        name = "watch",
        description = "verify every epoch of a hub; accuse what is false, demand what is withheld",
        footer = {
            "",
            "A fault that the file holds is accused at once: half the settler's bond is yours. A file that is not "
                    + "there half a window before the last moment is demanded, at each look another line drawn by chance: answered, "
                    + "a demand's bond is the settler's; not answered, the epoch is void, the bond comes back, and half the "
                    + "settler's is yours. Bonds come out of the wallet's free balance in the escrow. Use a wallet of its "
                    + "own. It keeps nothing: stop and start it as you like.",
            "",
            "Example: perigee deposit 20 --no-allot && perigee settlement watch --max-bond 20"
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration QUICKEST = Duration.ofMillis(500);
    private static final Duration SLOWEST = Duration.ofMinutes(1);
    private static final int LOOKS_A_WINDOW = 16;
    /** What the contract says of lines that were shown to it already, and of lines that show nothing. */
    private static final String SHOWN_BEFORE = "NoFault";

    private final Session session;

    @Option(
            names = "--max-bond",
            paramLabel = "TOKENS",
            defaultValue = "10",
            description = "at stake in demands at one time, at most (default ${DEFAULT-VALUE})")
    private String maxBond = "10";

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "demand the evidence of so many lines of each epoch, drawn by chance (default ${DEFAULT-VALUE})")
    private int sample;

    @Option(
            names = "--builder",
            paramLabel = "ADDRESS",
            description = "demand the evidence of every line that this builder pays; may be repeated")
    private List<String> builders = List.of();

    @Option(
            names = "--settler",
            paramLabel = "ADDRESS",
            description = "whom to watch, when the hub has another settler now")
    private @Nullable String settler;

    @Option(names = "--once", description = "look once, do what is to be done, and end")
    private boolean once;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (sample < 0) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected --sample of at least 0, but got " + sample,
                    "perigee help settlement watch");
        }
        if (!session.configuration().saysWhereFilesAre()) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected to know where the hub publishes its epochs' files, but with --escrow no hub is asked",
                    "Add --hub URL: without it every epoch would look withheld, and cost a bond");
        }
        var most = Amount.ofTokens(maxBond, session.money().decimals());
        var posts = new Posts(session, Optional.ofNullable(settler).map(Address::parse));
        announce(most, posts);
        session.confirm(
                yes || session.json(),
                "Challenge in its name, with bonds of at most %s?"
                        .formatted(session.money().of(most)));
        session.wallet();
        var watchdog = new Watchdog(
                session,
                posts,
                new EpochSource(session, Optional.empty(), pause(posts.window(), EpochSource.LONGEST)),
                new Watchdog.Limits(most, sample, addresses()));
        var pause = pause(posts.window(), SLOWEST);
        do {
            round(watchdog);
        } while (!once && rest(pause));
        return ExitCode.DONE;
    }

    private Set<Address> addresses() {
        return builders.stream().map(Address::parse).collect(Collectors.toSet());
    }

    private void announce(Amount most, Posts posts) {
        var standing = posts.standing();
        var money = session.money();
        session.say("");
        session.say("  hub %s   W %s   its settler's bond %s"
                .formatted(session.market().hub(), Words.span(posts.window()), money.of(standing.bond())));
        session.say("  %s"
                .formatted(session.ink()
                        .dim(
                                "a demand costs a bond of %s, after many of one epoch more, and about 84 000 gas; at most %s at stake, of %s free"
                                        .formatted(
                                                money.of(standing.demandBond(0)),
                                                money.of(most),
                                                money.of(session.chain()
                                                        .funds()
                                                        .free(session.walletFile()
                                                                .address()))))));
        session.say("");
    }

    /** A chain that does not answer now is asked again; nothing is lost, since all that counts is on it. */
    private void round(Watchdog watchdog) {
        var faults = new ArrayList<RuntimeException>();
        try {
            for (var move : watchdog.look(session.chain().now())) {
                make(watchdog, move).ifPresent(faults::add);
            }
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            // nor does an endpoint that answers nonsense end a watch
            faults.add(e);
        }
        if (once && !faults.isEmpty()) {
            throw faults.getFirst();
        }
        faults.forEach(fault -> session.terminal()
                .err()
                .println("  %s %s".formatted(session.ink().notice(), fault.getMessage())));
    }

    /**
     * What one move cannot do keeps none of the others from being made.
     *
     * @return what kept it from being made; then the next look finds it again
     */
    private Optional<RuntimeException> make(Watchdog watchdog, Move move) {
        try {
            switch (move) {
                case Move.Tell tell ->
                    tell(
                            move,
                            switch (tell.sign()) {
                                case GOOD -> "good";
                                case WAITING -> "waiting";
                                case BAD -> "bad";
                            },
                            Optional.empty());
                case Move.Accuse accuse -> send(move, "accused", accuse.calls());
                case Move.Demand demand -> send(move, "demanded", List.of(demand.call()));
                case Move.Lapse lapse -> send(move, "lapsed", List.of(lapse.call()));
                case Move.Failed failed -> throw failed.fault();
            }
            return Optional.empty();
        } catch (ChainFault e) {
            watchdog.again(move.epoch());
            if (e.reason().isEmpty()) {
                return Optional.of(e);
            }
            // somebody was quicker, or time has passed: the next look sees it
            tell(
                    new Move.Tell(move.epoch(), Move.Sign.WAITING, move.why() + ", but " + e.reason()),
                    "refused",
                    Optional.empty());
            return Optional.empty();
        } catch (RuntimeException e) {
            watchdog.again(move.epoch());
            return Optional.of(e);
        }
    }

    private void send(Move move, String done, List<Call> calls) {
        Optional<Sent> last = Optional.empty();
        for (var call : calls) {
            try {
                last = Optional.of(session.chain().send(session.wallet(), call));
            } catch (ChainFault e) {
                // lines shown before an accusation was cut off are not taken twice: all but the last call go on from
                // them
                if (!e.reason().equals(SHOWN_BEFORE) || call.equals(calls.getLast())) {
                    throw e;
                }
            }
        }
        tell(move, done, last);
    }

    private void tell(Move move, String what, Optional<Sent> sent) {
        if (session.json()) {
            session.terminal().out().println(Json.text(document(move, what, sent)));
            session.terminal().out().flush();
            return;
        }
        var ink = session.ink();
        var sign =
                switch (what) {
                    case "good", "accused", "lapsed" -> ink.done();
                    case "demanded" -> ink.active();
                    case "waiting", "refused" -> ink.waiting();
                    default -> ink.failed();
                };
        var did =
                switch (what) {
                    case "accused", "demanded", "lapsed", "refused" -> ink.bold(what) + "  ";
                    default -> "";
                };
        session.say("  %s epoch %d  %s%s%s"
                .formatted(
                        sign,
                        move.epoch().number(),
                        did,
                        move.why(),
                        sent.map(one -> "  "
                                        + ink.dim("%s gas  %s".formatted(Words.count(one.gasUsed()), one.txHash())))
                                .orElse("")));
    }

    private Map<String, Object> document(Move move, String what, Optional<Sent> sent) {
        var document = new LinkedHashMap<String, Object>();
        document.put("at", session.clock().instant());
        document.put("epoch", move.epoch().number());
        document.put("event", what);
        document.put("why", move.why());
        sent.ifPresent(one -> {
            document.put("txHash", one.txHash());
            document.put("gasUsed", one.gasUsed());
        });
        return document;
    }

    private static Duration pause(Duration window, Duration slowest) {
        var wanted = window.dividedBy(LOOKS_A_WINDOW);
        return wanted.compareTo(QUICKEST) < 0 ? QUICKEST : wanted.compareTo(slowest) > 0 ? slowest : wanted;
    }

    private static boolean rest(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
