package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.ethereum.CaseState.Seat;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.CourtCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one judge does in one case: checks, runs the segment again, keeps its vote, commits it, and opens it. Each step is
 * looked up on chain and in the home before it is taken, so that a judge killed anywhere goes on where it was.
 */
final class Duty {
    /** So much of W before the last moment a rerun is given up: the vote is still to be sent, and seen in a block. */
    private static final int MARGINS_A_WINDOW = 32;

    private final Session session;
    private final Courtroom court;
    private final Ballots ballots;
    private final Trainers trainers;
    private final List<Map<String, Object>> sent = new ArrayList<>();

    Duty(Session session, Ballots ballots, Trainers trainers) {
        this.session = session;
        this.court = new Courtroom(session);
        this.ballots = ballots;
        this.trainers = trainers;
    }

    /** What was sent so far. */
    List<Map<String, Object>> sent() {
        return List.copyOf(sent);
    }

    Seat seat(CaseState state) {
        return state.seatOf(judge())
                .orElseThrow(() -> new Refusal(
                        ErrorCode.FORBIDDEN,
                        "Expected the wallet %s among the judges of case %d, but it does not sit there now"
                                .formatted(judge(), state.id()),
                        state.drawn() ? "perigee court show " + state.id() : "Its judges are not drawn yet"));
    }

    Optional<Ballot> kept(CaseState state) {
        return ballots.find(place(state));
    }

    Ballot.Place place(CaseState state) {
        return new Ballot.Place(
                session.market().chainId(),
                court.book().address(),
                state.id(),
                state.dispute().accusedLeaf(),
                state.court(),
                seat(state).number(),
                judge());
    }

    /** The vote that was committed, to be opened. */
    Ballot required(CaseState state) {
        return kept(state)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.NOT_FOUND,
                        "Expected the vote of case %d in this home, but it is not there".formatted(state.id()),
                        "It can be opened only where it was made: name that home with --home"));
    }

    /**
     * Checks the case against the chain and its files against the case, and runs the segment.
     *
     * @param given one of them must be the case's; anybody may have put others beside it, to hide it
     */
    Ballot vote(CaseState state, List<CaseDirectory> given) {
        var files = first(state, given);
        var about = files.read();
        session.say("  %s the case is the one on chain, and its files are those that it names"
                .formatted(session.ink().done()));
        var rerun = trainers.rerun(session, about, left(state));
        session.say("  %s border %d to %d is run again, by %s; the time to vote ends %s"
                .formatted(
                        session.ink().active(),
                        about.border() - 1,
                        about.border(),
                        rerun.words(),
                        Words.instant(state.commitUntil(), court.now())));
        var found = rerun.segment(about, files);
        if (found instanceof Finding.CannotBeRun(String why)) {
            session.say("  %s it cannot be run: %s".formatted(session.ink().notice(), why));
        }
        var ballot = new Ballot(place(state), found.leaf(about), salt());
        ballots.keep(ballot);
        return ballot;
    }

    /** The first that holds; when none does, what is wrong with the first. */
    private CaseDirectory first(CaseState state, List<CaseDirectory> given) {
        var faults = new ArrayList<RuntimeException>();
        for (var files : given) {
            try {
                var about = files.read();
                requireSame(state, about);
                files.check(about);
                return files;
            } catch (RuntimeException e) {
                faults.add(e);
            }
        }
        throw faults.getFirst();
    }

    /** A vote that comes too late is worth nothing, and while it is computed no other case is. */
    private Duration left(CaseState state) {
        var margin = state.window().dividedBy(MARGINS_A_WINDOW);
        var left = Duration.between(court.now(), state.commitUntil()).minus(margin);
        if (!left.isPositive()) {
            throw new Refusal(
                    ErrorCode.TIMED_OUT,
                    "Expected time to run the segment of case %d again, but the time to vote ends %s"
                            .formatted(state.id(), Words.instant(state.commitUntil(), court.now())),
                    "A judge who is silent loses the ticket; look earlier, on a faster machine");
        }
        return left;
    }

    void commit(Ballot ballot, boolean yes) {
        var place = ballot.place();
        send(
                new Transactions(session)
                        .add(
                                "vote",
                                "voted",
                                court.money().of(court.book().terms().fee()),
                                "sealed, from seat %d of case %d; the fee, if enough come to the same"
                                        .formatted(place.seat(), place.id()),
                                court.book().commit(place.id(), place.seat(), ballot.commitment())),
                yes,
                "Vote?");
    }

    void reveal(Ballot ballot) {
        var place = ballot.place();
        // the vote was asked about; an unopened one only loses the ticket
        send(
                new Transactions(session)
                        .add(
                                "open",
                                "opened",
                                "",
                                "the vote of seat %d of case %d".formatted(place.seat(), place.id()),
                                court.book().reveal(place.id(), place.seat(), ballot.vote(), ballot.salt())),
                true,
                "Open it?");
    }

    /** Which side a vote is for. */
    String side(CaseState state, Ballot ballot) {
        var dispute = state.dispute();
        if (ballot.vote().equals(dispute.accusedLeaf())) {
            return "the accused's own leaf: the run is right there";
        }
        if (ballot.vote().equals(CourtCase.CANNOT_BE_RUN)) {
            return "no leaf at all: the segment cannot be run, so the run is wrong there";
        }
        return ballot.vote().equals(dispute.claimedLeaf())
                ? "the accuser's leaf: the run is wrong there"
                : "a third leaf, %s: both are wrong there"
                        .formatted(Words.brief(ballot.vote().value()));
    }

    private void send(Transactions transactions, boolean yes, String question) {
        transactions.announce();
        sent.addAll(transactions.send(yes, question));
    }

    private void requireSame(CaseState state, CourtCase about) {
        var dispute = state.dispute();
        var run = about.run();
        requireChain(about);
        require("assignment", run.assignmentHash(), dispute.assignmentHash());
        require("leaf that is accused", about.accusedLeaf(), dispute.accusedLeaf());
        require("leaf before it", about.priorLeaf(), dispute.priorLeaf());
        if (about.border() != state.border()) {
            throw other("border", Integer.toString(about.border()), Long.toString(state.border()));
        }
    }

    private void requireChain(CourtCase about) {
        var market = session.market();
        if (!about.run().escrow().equals(market.escrow()) || about.run().chainId() != market.chainId()) {
            throw other(
                    "escrow",
                    "%s on chain %d".formatted(about.run().escrow(), about.run().chainId()),
                    "%s on chain %d".formatted(market.escrow(), market.chainId()));
        }
    }

    private static void require(String what, Digest said, Digest onChain) {
        if (!said.equals(onChain)) {
            throw other(what, said.value(), onChain.value());
        }
    }

    private static Refusal other(String what, String said, String onChain) {
        return new Refusal(
                ErrorCode.DIGEST_MISMATCH,
                "Expected the %s '%s' of the case on chain, but the directory has '%s'".formatted(what, onChain, said),
                "The directory is of another case; take this one's from its accuser");
    }

    private Digest salt() {
        var bytes = new byte[Digest.BYTES];
        session.random().nextBytes(bytes);
        return Digest.of(bytes);
    }

    private Address judge() {
        return session.walletFile().address();
    }
}
