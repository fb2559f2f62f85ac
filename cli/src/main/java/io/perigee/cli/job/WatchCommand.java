package io.perigee.cli.job;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.view.Words;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.spec.Units;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A job, live. */
@Command(
        name = "watch",
        description = "watch a job to its end; the exit code says how it ended",
        footer = {"", "Example: perigee watch 01a217d8-b63f-70d6-b596-f1ba23ce22f8 --until settled"})
public final class WatchCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "the job's id")
    private String id = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1d",
            description = "how long to watch at most, such as 30m (default ${DEFAULT-VALUE})")
    private String timeout = "1d";

    @Option(
            names = "--until",
            paramLabel = "STATE",
            description = "decided or settled (default: settled, but decided for an order that waits for its epoch)")
    private @Nullable String until;

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var job = Session.shown(session.builder().job(JobId.parse(id)));
        session.say("");
        session.say("  %s  %s"
                .formatted(
                        session.ink().bold(job.name()),
                        session.ink()
                                .dim("job %s, builder %s"
                                        .formatted(
                                                job.id(),
                                                Words.brief(job.builder().value())))));
        return new Following(session, job.id(), until(job)).follow(Duration.ofSeconds(Units.seconds(timeout)));
    }

    private Until until(JobView job) {
        return switch (until) {
            case null -> Until.of(job.order());
            case "decided" -> Until.DECIDED;
            case "settled" -> Until.SETTLED;
            default ->
                throw new Refusal(
                        ErrorCode.MALFORMED,
                        "Expected --until decided or --until settled, but got '%s'".formatted(until),
                        "Leave it out to watch a job to its end");
        };
    }
}
