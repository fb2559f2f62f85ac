package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.result.CourtCase;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One case. */
@Command(
        name = "show",
        description = "one case: parties, leaves, judges, votes, outcome, and what can be done now",
        footer = {"", "Example: perigee court show 7"})
final class ShowCommand implements Callable<Integer> {
    private static final int LABEL = 11;

    private final Session session;

    @Parameters(paramLabel = "ID", description = "the case's number")
    private long id;

    @Mixin
    private Lookback lookback = new Lookback();

    ShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var view = new CaseView(court.require(id, lookback), court.now());
        session.answer(view.document(), () -> show(view, court));
        return ExitCode.DONE;
    }

    private void show(CaseView view, Courtroom court) {
        var ink = session.ink();
        var state = view.state();
        var dispute = state.dispute();
        session.say("");
        session.say("  %s  %s  %s".formatted(ink.bold("case " + id), view.stage(ink), ink.dim(view.until())));
        session.say("");
        line(
                "segment",
                "border %d to %d of run %s".formatted(state.border() - 1, state.border(), dispute.assignmentHash()));
        line(
                "accused",
                "%s, whose leaf is %s"
                        .formatted(
                                dispute.accused(),
                                Words.brief(dispute.accusedLeaf().value())));
        line(
                "accuser",
                "%s, who came to %s"
                        .formatted(
                                dispute.accuser(),
                                dispute.claimedLeaf().equals(CourtCase.CANNOT_BE_RUN)
                                        ? "no leaf: it cannot be run"
                                        : Words.brief(dispute.claimedLeaf().value())));
        line("builder", dispute.builder().value());
        line("at stake", view.stake(court.money()));
        line("opened", Words.moment(state.openedAt()));
        bench(view, ink);
        state.verdict().ifPresent(verdict -> line("slashed", court.money().of(verdict.slashed())));
        session.say("");
        line("now", view.next());
        session.say("");
    }

    private void bench(CaseView view, Ink ink) {
        var state = view.state();
        if (state.seats().isEmpty()) {
            return;
        }
        line(
                "court",
                "the %s: %d of %d must come to one leaf"
                        .formatted(
                                state.court() == 1 ? "first" : "second",
                                state.needed(),
                                state.seats().size()));
        session.say("");
        var table = new Table(ink, ">seat", "judge", "vote");
        state.seats()
                .forEach(seat ->
                        table.row(Integer.toString(seat.number()), seat.judge().value(), view.vote(seat, ink)));
        table.lines("  " + " ".repeat(LABEL)).forEach(session::say);
    }

    private void line(String label, String text) {
        session.say("  " + session.ink().dim(Ink.pad(label, LABEL)) + text);
    }
}
