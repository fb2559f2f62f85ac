package io.perigee.agent.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Takes no new work; what runs goes on. */
@Command(name = "pause", description = "Takes no new work until resume; running jobs go on.")
final class PauseCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private AgentMain main;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        var home = SettingsSource.home(main.settings()).create();
        if (!Files.exists(home.paused())) {
            Files.createFile(home.paused());
        }
        command.commandLine()
                .getOut()
                .println("paused: takes no new work until 'resume', also after a new start; what runs goes on");
        return 0;
    }
}
