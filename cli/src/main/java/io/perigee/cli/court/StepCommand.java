package io.perigee.cli.court;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.Transactions;
import io.perigee.cli.ethereum.CaseState;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One step that anybody may take a case further by. */
abstract class StepCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ID", description = "the case's number")
    private long id;

    @Mixin
    private Lookback lookback = new Lookback();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    StepCommand(Session session) {
        this.session = session;
    }

    /** The step itself, as far as it can be taken now. */
    abstract void add(Transactions transactions, CaseState state, Courtroom court);

    @Override
    public final Integer call() {
        var court = new Courtroom(session);
        var transactions = new Transactions(session);
        add(transactions, court.require(id, lookback), court);
        transactions.announce();
        var sent = transactions.send(yes, "Go on?");
        var view = new CaseView(court.require(id, lookback), court.now());
        var document = new LinkedHashMap<>(view.document());
        document.put("transactions", sent);
        session.answer(document, () -> {
            session.say("");
            session.say("  case %d  %s  %s"
                    .formatted(id, view.stage(session.ink()), session.ink().dim(view.until())));
            session.say("  %s%s".formatted(session.ink().dim("next: "), view.next()));
            session.say("");
        });
        return ExitCode.DONE;
    }
}
