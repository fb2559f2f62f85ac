package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The builder's jobs. */
@Command(
        name = "jobs",
        description = "list your jobs, newest first",
        footer = {"", "Example: perigee jobs --limit 5"})
public final class JobsCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "how many (default ${DEFAULT-VALUE})")
    private int limit = 20;

    @Option(names = "--after", paramLabel = "CURSOR", description = "the next page")
    private @Nullable String cursor;

    JobsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var page = session.builder().jobs(cursor, limit);
        session.answer(page, this::show);
        return ExitCode.DONE;
    }

    private void show(JobPage page) {
        if (page.items().isEmpty()) {
            session.say("  no jobs yet; try: perigee submit examples/quickstart/job.yaml");
            return;
        }
        var ink = session.ink();
        var money = session.money();
        var table = new Table(ink, "job", "name", "state", ">age", ">paid", ">at most");
        for (var job : page.items()) {
            var age = Duration.between(job.submittedAt(), session.clock().instant());
            table.row(
                    job.id().toString(),
                    ink.cut(job.name(), 24),
                    state(session, job),
                    Words.duration(age),
                    money.of(job.paid()),
                    money.of(job.maxPayment()));
        }
        table.lines("  ").forEach(session::say);
        if (page.nextCursor() != null) {
            session.say("  " + session.ink().dim("more: perigee jobs --after " + page.nextCursor()));
        }
    }

    static String state(Session session, JobView job) {
        var ink = session.ink();
        var outcome = job.outcome();
        var state = Words.lower(job.state());
        if (outcome == null) {
            return ink.accent(state);
        }
        var word = Words.lower(outcome);
        return (outcome == Outcome.ACCEPTED ? ink.good(word) : ink.bad(word)) + ink.dim(", " + state);
    }
}
