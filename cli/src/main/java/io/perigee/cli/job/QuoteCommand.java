package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a job would cost. */
@Command(name = "quote", description = "show plan and price of a job; uploads its local inputs, promises nothing")
public final class QuoteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB.yaml", description = "the job")
    private Path file = Path.of("job.yaml");

    QuoteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var quote = session.builder().quote(JobFile.resolve(session, file));
        session.answer(quote, () -> Plan.lines(session, quote).forEach(session::say));
        return ExitCode.DONE;
    }
}
