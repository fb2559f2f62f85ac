package io.perigee.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Completion for shells. */
@Command(
        name = "completion",
        description = "print a completion script for bash and zsh: source <(perigee completion)",
        footer = {"", "Example: perigee completion > perigee.bash && source perigee.bash"})
final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.terminal()
                .out()
                .print(PerigeeCli.completion(Objects.requireNonNull(spec).root().commandLine()));
        return ExitCode.DONE;
    }
}
