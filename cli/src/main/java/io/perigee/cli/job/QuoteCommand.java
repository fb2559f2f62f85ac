package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.convert.ForeignOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What a job would cost. */
@Command(
        name = "quote",
        description = "show plan and price of a job; uploads its local inputs, promises nothing",
        footer = {"", "Example: perigee quote job.yaml        perigee quote axolotl.yml --price 2.50"})
public final class QuoteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB.yaml", description = "the job; Axolotl's and LLaMA-Factory's files are read, too")
    private Path file = Path.of("job.yaml");

    @Mixin
    private ForeignOptions foreign = new ForeignOptions();

    QuoteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var spec = JobFile.resolve(new Uploads(session), file, foreign);
        var quote = session.builder().quote(spec);
        session.answer(quote, shown -> Plan.lines(session, shown).forEach(session::say));
        return ExitCode.DONE;
    }
}
