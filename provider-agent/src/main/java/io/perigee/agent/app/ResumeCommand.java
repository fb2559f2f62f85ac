package io.perigee.agent.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Takes work again. */
@Command(name = "resume", description = "Takes work again after pause.")
final class ResumeCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private AgentMain main;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Files.deleteIfExists(SettingsSource.home(main.settings()).paused());
        command.commandLine()
                .getOut()
                .println("open for work"
                        + (main.settings().paused()
                                ? " as far as this verb goes, but the setting 'paused' is true"
                                : ""));
        return 0;
    }
}
