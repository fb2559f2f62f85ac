package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.protocol.id.JobId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stops a job. */
@Command(
        name = "cancel",
        description = "stop a job at its next border; what is sealed by then is verified and paid",
        footer = {"", "Example: perigee cancel 01a217d8-b63f-70d6-b596-f1ba23ce22f8"})
public final class CancelCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "the job's id")
    private String id = "";

    CancelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var job = session.builder().cancel(JobId.parse(id));
        session.answer(job, () -> {
            session.say("  %s asked to stop  %s"
                    .formatted(session.ink().done(), session.ink().dim("job " + job.id())));
            session.say("  " + session.ink().dim("next: ") + "perigee watch " + job.id());
        });
        return ExitCode.DONE;
    }
}
