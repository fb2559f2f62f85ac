package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One job. */
@Command(
        name = "job",
        description = "show a job and its attempts",
        footer = {"", "Example: perigee job 01a217d8-b63f-70d6-b596-f1ba23ce22f8 --json"})
public final class JobCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "the job's id")
    private String id = "";

    JobCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var job = session.builder().job(JobId.parse(id));
        session.answer(job, this::show);
        return ExitCode.DONE;
    }

    private void show(JobView job) {
        var ink = session.ink();
        var money = session.money();
        session.say("");
        session.say("  %s  %s".formatted(ink.bold(job.name()), ink.dim(job.id().toString())));
        session.say("");
        var facts = new Table(ink, "", "");
        facts.row(ink.dim("state"), JobsCommand.state(session, job));
        var cause = job.cause();
        if (cause != null) {
            facts.row(ink.dim("cause"), Words.lower(cause) + (job.detail() == null ? "" : ": " + job.detail()));
        }
        facts.row(ink.dim("verified"), "border %d of %d".formatted(job.verifiedTo(), job.borders()));
        facts.row(
                ink.dim("money"),
                "at most %s, paid %s, given back %s"
                        .formatted(money.of(job.maxPayment()), money.of(job.paid()), money.of(job.refunded())));
        facts.row(ink.dim("order"), job.orderHash().value());
        var epoch = job.epoch();
        if (epoch != null) {
            facts.row(
                    ink.dim("epoch"),
                    "%d, %s, final at %s or W later"
                            .formatted(
                                    epoch.number(),
                                    epoch.transaction() == null ? "not posted yet" : "posted in " + epoch.transaction(),
                                    Words.moment(epoch.finalAt())));
        }
        job.transactions().forEach(tx -> facts.row(ink.dim("transaction"), tx));
        if (job.outputs() != null) {
            facts.row(ink.dim("outputs"), job.outputs().value());
        }
        facts.lines("  ").forEach(session::say);
        session.say("");
        if (!job.attempts().isEmpty()) {
            var table = new Table(ink, "attempt", "owner", "state", ">price", ">paid", "root");
            job.attempts().forEach(attempt -> table.row(row(attempt)));
            table.lines("  ").forEach(session::say);
            session.say("");
        }
    }

    private String[] row(AttemptView attempt) {
        var money = session.money();
        var failure = attempt.failure();
        return new String[] {
            Integer.toString(attempt.attempt()),
            Words.brief(attempt.owner().value()),
            Words.lower(attempt.state()) + (failure == null ? "" : " (" + Words.lower(failure) + ")"),
            money.of(attempt.price()),
            money.of(attempt.paid()),
            attempt.root() == null ? "" : Words.brief(attempt.root().value()),
        };
    }
}
