package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.JobStory;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobExplanation;
import io.perigee.protocol.spec.Units;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Why a job waits. */
@Command(
        name = "explain",
        description = "say why a job waits, what to loosen, and how long it may take",
        footer = {"", "Example: perigee explain 01a217d8-b63f-70d6-b596-f1ba23ce22f8"})
public final class ExplainCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "the job's id")
    private String id = "";

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var explanation = session.builder().explanation(JobId.parse(id));
        session.answer(explanation, this::show);
        return ExitCode.DONE;
    }

    private void show(JobExplanation job) {
        var ink = session.ink();
        session.say("");
        if (job.missing() == 0) {
            session.say("  it waits for no provider; it is %s".formatted(Words.lower(job.state())));
            session.say("");
            return;
        }
        session.say("  it waits for %s"
                .formatted(ink.bold(job.missing() == 1 ? "1 provider" : job.missing() + " providers")));
        session.say("");
        if (!job.reasons().isEmpty()) {
            var table = new Table(ink, "what it asks for", ">offers lost", "");
            job.reasons()
                    .forEach(reason ->
                            table.row(reason.constraint(), Integer.toString(reason.lost()), ink.dim(reason.detail())));
            table.lines("  ").forEach(session::say);
            session.say("");
        }
        var outlook = new Table(ink, "", "");
        outlook.row(ink.dim("to match now"), toMatch(job));
        outlook.row(ink.dim("expected wait"), wait(job));
        outlook.lines("  ").forEach(session::say);
        session.say("");
    }

    private String toMatch(JobExplanation job) {
        var relaxation = job.relaxation();
        if (job.reasons().isEmpty()) {
            return "nothing: enough offers fit, the hub is about to place it";
        }
        return relaxation == null
                ? "no single change would do"
                : "change %s to %s; all replicas then cost %s"
                        .formatted(
                                session.ink().bold(relaxation.constraint()),
                                asWritten(relaxation, session.money()),
                                session.money().of(relaxation.total()));
    }

    /** As a job file has it: sizes with their unit, a price in tokens. */
    static String asWritten(JobExplanation.Relaxation relaxation, JobStory.Money money) {
        return switch (relaxation.constraint()) {
            case "resources.memory", "resources.disk" -> Units.size(Long.parseLong(relaxation.enough()));
            case "price.max" -> money.of(Amount.parse(relaxation.enough()));
            default -> relaxation.enough();
        };
    }

    static String wait(JobExplanation job) {
        var seconds = job.expectedWaitSeconds();
        var observed = Words.duration(Duration.ofSeconds(job.observedSeconds()));
        return seconds == null
                ? "unknown: in the last %s no offer that fits became free".formatted(observed)
                : "about %s if no other job waits, as often as offers that fit became free in the last %s"
                        .formatted(Words.duration(Duration.ofSeconds(seconds)), observed);
    }
}
