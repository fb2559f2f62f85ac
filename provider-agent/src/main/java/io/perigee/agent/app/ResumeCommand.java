package io.perigee.agent.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Takes work again. */
@Command(name = "resume", description = "Takes work again after pause.")
final class ResumeCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private AgentMain main;

    @Override
    public Integer call() throws IOException {
        Files.deleteIfExists(SettingsSource.home(main.settings()).paused());
        return 0;
    }
}
