package io.perigee.agent.app;

import io.perigee.agent.execution.BorderHasher;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.protocol.error.InvalidValue;
import io.smallrye.config.ConfigValidationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program of a provider's machine. */
@Command(
        name = "perigee-agent",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = Agent.VERSION,
        description = "Runs other people's fine-tuning jobs on this machine, confined, and proves the work.",
        subcommands = {
            KeygenCommand.class,
            RunCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            PauseCommand.class,
            ResumeCommand.class
        })
public final class AgentMain {
    static final int FAILED = 1;

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            paramLabel = "<dir>",
            description = "The agent's directory (default: perigee.agent.home).")
    @Nullable
    Path home;

    final UnaryOperator<BorderHasher> hashing;

    private AgentMain(UnaryOperator<BorderHasher> hashing) {
        this.hashing = hashing;
    }

    public static void main(String[] args) {
        System.exit(execute(UnaryOperator.identity(), args));
    }

    /**
     * Runs one verb.
     *
     * @param hashing what stands between the files of a border and the commitment; production changes nothing
     * @return the exit code: 0 done, 1 failed, 2 wrong usage
     */
    public static int execute(UnaryOperator<BorderHasher> hashing, String... args) {
        return new CommandLine(new AgentMain(hashing))
                .setExecutionExceptionHandler((e, commandLine, _) -> {
                    if (e instanceof InvalidValue || e instanceof EngineException || e instanceof IOException) {
                        commandLine.getErr().println(e.getMessage());
                    } else {
                        e.printStackTrace(commandLine.getErr());
                    }
                    return FAILED;
                })
                .execute(args);
    }

    AgentSettings settings() throws IOException {
        try {
            return SettingsSource.read(Optional.ofNullable(home));
        } catch (ConfigValidationException e) {
            throw new InvalidValue("Expected settings that can be read, but: " + e.getMessage());
        }
    }
}
