package io.perigee.cli.provider;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What an owner does. */
@Command(
        name = "provider",
        description = "for owners: register machines, stake for them, let their agents work",
        subcommands = {CreateCommand.class, EnrollCommand.class, ListCommand.class, StakeCommand.class})
public final class ProviderCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
