package io.perigee.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perigee help submit} is {@code perigee submit --help}. */
@Command(
        name = "help",
        description = "show the help of a command",
        footer = {"", "Example: perigee help submit        perigee help court accuse"})
final class HelpVerb implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the command")
    private List<String> words = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).root().commandLine();
        var out = line.getOut();
        for (var word : words) {
            var next = line.getSubcommands().get(word);
            if (next == null) {
                line.getErr().println("error: there is no command '%s'".formatted(word));
                return ExitCode.USAGE;
            }
            line = next;
        }
        line.usage(out);
        return ExitCode.DONE;
    }
}
