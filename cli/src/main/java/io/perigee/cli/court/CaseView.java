package io.perigee.cli.court;

import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.ethereum.CaseState.Seat;
import io.perigee.cli.ethereum.CaseState.Stage;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.JobStory.Money;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.CourtCase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A case in words, for people and for programs. */
record CaseView(CaseState state, Instant now) {
    /** A ballot keeps so many characters of a leaf: "0x" and 31 bytes. */
    private static final int WORD = 64;

    private static final int MOST_REPLACEMENTS = 2;

    String stage(Ink ink) {
        return switch (state.stage(now)) {
            case TO_DRAW -> ink.accent("to be drawn");
            case COMMITTING ->
                "judges run it, %d of %d voted"
                        .formatted(committed(), state.seats().size());
            case REPLACING ->
                ink.warn("votes are in, %d of %d"
                        .formatted(committed(), state.seats().size()));
            case REVEALING -> "votes are opened, %d of %d".formatted(revealed(), committed());
            case TO_CLOSE -> ink.accent("to be closed");
            case CLOSED -> outcome(ink);
        };
    }

    /** What can be done now, and by whom. */
    String next() {
        var id = state.id();
        return switch (state.stage(now)) {
            case TO_DRAW -> "anybody: perigee court draw %d%s".formatted(id, drawFrom());
            case COMMITTING -> "its judges: perigee court judge %d --case DIR".formatted(id);
            case REPLACING ->
                state.replaceable(now)
                        ? "anybody: perigee court replace %d, for those who are silent".formatted(id)
                        : "nobody; votes are opened from %s".formatted(Words.instant(state.revealFrom(), now));
            case REVEALING -> "its judges, who open their votes: perigee court judge %d".formatted(id);
            case TO_CLOSE -> "anybody: perigee court close %d".formatted(id);
            case CLOSED -> "nothing";
        };
    }

    private String drawFrom() {
        var from = state.drawnByAnybodyFrom();
        if (!now.isBefore(from)) {
            return "";
        }
        // an assignment whose job draws no audits commits to no secret
        return ", from %s%s"
                .formatted(
                        Words.instant(from, now),
                        state.dispute().secretHash().isZero() ? "" : "; with the hub's secret now");
    }

    String until() {
        return switch (state.stage(now)) {
            case TO_DRAW, COMMITTING, REPLACING, REVEALING -> "until " + Words.instant(state.until(now), now);
            case TO_CLOSE -> "";
            case CLOSED ->
                state.verdict().map(verdict -> Words.moment(verdict.at())).orElse("");
        };
    }

    private String outcome(Ink ink) {
        return state.verdict()
                .map(verdict -> switch (verdict.outcome()) {
                    case CONDEMNED -> ink.bad("condemned");
                    case CLEARED -> ink.good("cleared");
                    case UNDECIDED -> ink.warn("undecided");
                })
                .orElse("");
    }

    /** Which side a vote is for. */
    String vote(Seat seat, Ink ink) {
        return seat.vote()
                .map(vote -> {
                    if (same(vote, state.dispute().accusedLeaf())) {
                        return ink.good("the accused's leaf");
                    }
                    if (same(vote, CourtCase.CANNOT_BE_RUN)) {
                        return ink.bad("no leaf: it cannot be run");
                    }
                    return same(vote, state.dispute().claimedLeaf())
                            ? ink.bad("the accuser's leaf")
                            : ink.warn("a third leaf, " + Words.brief(vote.value()));
                })
                .orElseGet(() -> seat.committed()
                        ? state.stage(now) == Stage.TO_CLOSE || state.stage(now) == Stage.CLOSED
                                ? ink.warn("sealed and never opened")
                                : "sealed"
                        : state.stage(now) == Stage.COMMITTING ? "not yet" : ink.warn("silent"));
    }

    private static boolean same(Digest vote, Digest leaf) {
        return vote.value().regionMatches(0, leaf.value(), 0, WORD);
    }

    long committed() {
        return state.seats().stream().filter(Seat::committed).count();
    }

    long revealed() {
        return state.seats().stream().filter(seat -> seat.vote().isPresent()).count();
    }

    /** In one line: who is accused of what. */
    String about() {
        return "border %d of run %s"
                .formatted(
                        state.border(),
                        Words.brief(state.dispute().assignmentHash().value()));
    }

    String you(Address wallet) {
        var dispute = state.dispute();
        if (state.seatOf(wallet).isPresent()) {
            return "judge";
        }
        return wallet.equals(dispute.accuser())
                ? "accuser"
                : wallet.equals(dispute.accused()) ? "accused" : wallet.equals(dispute.builder()) ? "builder" : "";
    }

    String stake(Money money) {
        return state.dispute().slashable().isZero()
                ? "the run's pay alone: it is not of the strict class, or has no bond"
                : "a bond of %s, and the run's pay"
                        .formatted(money.of(state.dispute().slashable()));
    }

    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", state.id());
        document.put("border", state.border());
        document.put("dispute", state.dispute());
        document.put("openedAt", state.openedAt());
        document.put("court", state.court());
        document.put("stage", state.stage(now).name().toLowerCase(Locale.ROOT));
        document.put("until", state.until(now));
        document.put("replacementsLeft", MOST_REPLACEMENTS - state.replacements());
        document.put("seats", seats());
        state.verdict().ifPresent(verdict -> {
            document.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
            document.put("slashed", verdict.slashed());
            document.put("closedAt", verdict.at());
        });
        return document;
    }

    private List<Map<String, Object>> seats() {
        return state.seats().stream()
                .map(seat -> {
                    var document = new LinkedHashMap<String, Object>();
                    document.put("seat", seat.number());
                    document.put("judge", seat.judge());
                    document.put("committed", seat.committed());
                    seat.vote().ifPresent(vote -> document.put("vote", vote));
                    return (Map<String, Object>) document;
                })
                .toList();
    }
}
