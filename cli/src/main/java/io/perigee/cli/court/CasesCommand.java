package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.CaseState;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What lies before the court. */
@Command(
        name = "cases",
        description = "the court's cases: who is accused of what, where each stands, what it waits for",
        footer = {"", "Example: perigee court cases --open"})
final class CasesCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--open", description = "leave out those that are closed")
    private boolean open;

    @Option(names = "--mine", description = "only those in which the wallet is a party or a judge")
    private boolean mine;

    @Mixin
    private Lookback lookback = new Lookback();

    CasesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var court = new Courtroom(session);
        var now = court.now();
        var read = court.book().cases(lookback.from(court));
        read.unreadable().forEach((id, why) -> session.terminal()
                .err()
                .println("  %s case %d cannot be read: %s"
                        .formatted(session.ink().notice(), id, why)));
        var cases = read.found().stream()
                .filter(state -> !open || state.verdict().isEmpty())
                .map(state -> new CaseView(state, now))
                .filter(view ->
                        !mine || !view.you(session.walletFile().address()).isEmpty())
                .toList();
        session.answer(cases.stream().map(CaseView::document).toList(), () -> show(cases, court));
        return ExitCode.DONE;
    }

    private void show(List<CaseView> cases, Courtroom court) {
        session.say("");
        if (cases.isEmpty()) {
            session.say("  no such case in the last %s".formatted(lookback.words(court)));
            session.say("");
            return;
        }
        var ink = session.ink();
        var table = new Table(ink, ">case", "about", "accused", "state", "");
        cases.forEach(view -> table.row(
                Long.toString(view.state().id()),
                view.about(),
                Words.brief(accused(view.state())),
                view.stage(ink),
                ink.dim(view.until())));
        table.lines("  ").forEach(session::say);
        session.say("");
    }

    private static String accused(CaseState state) {
        return state.dispute().accused().value();
    }
}
