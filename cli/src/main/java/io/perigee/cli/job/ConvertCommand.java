package io.perigee.cli.job;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.convert.Conversion;
import io.perigee.cli.convert.ForeignFile;
import io.perigee.cli.convert.ForeignOptions;
import io.perigee.protocol.error.ErrorCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Another tool's file as a job file; says what became of every key. */
@Command(
        name = "convert",
        description = "read an Axolotl or LLaMA-Factory YAML as a job; write the job to standard output",
        footer = {"", "Example: perigee convert axolotl.yml --price 2.50 > job.yaml"})
public final class ConvertCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "axolotl.yml or llamafactory.yaml")
    private Path file = Path.of("");

    @Mixin
    private ForeignOptions foreign = new ForeignOptions();

    ConvertCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var content = JobFile.read(file);
        var tool = ForeignFile.toolOf(content)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.MALFORMED,
                        "Expected '%s' to have base_model (Axolotl) or model_name_or_path (LLaMA-Factory), but it has neither"
                                .formatted(file),
                        "perigee submit takes job files as they are"));
        var conversion = foreign.convert(tool, content, file, Path.of(""));
        session.answer(ConversionView.document(conversion), () -> show(conversion));
        return ExitCode.DONE;
    }

    /** The job alone is the output, so that it can be sent into a file. */
    private void show(Conversion conversion) {
        var err = session.terminal().err();
        ConversionView.lines(session.errorInk(), conversion).forEach(err::println);
        err.flush();
        session.terminal()
                .out()
                .print("# From %s of %s\n"
                                .formatted(file.getFileName(), conversion.tool().title())
                        + JobYaml.text(conversion.job()));
    }
}
