package io.perigee.agent.app;

import io.perigee.agent.identity.SessionKeyFile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Draws the session key. */
@Command(name = "keygen", description = "Makes the agent's session key and prints its address, which the owner enrols.")
final class KeygenCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private AgentMain main;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        var settings = main.settings();
        var home = SettingsSource.home(settings).create();
        var key = SessionKeyFile.create(home, SettingsSource.keyPassword(settings), new SecureRandom());
        command.commandLine().getOut().println(key.address());
        return 0;
    }
}
