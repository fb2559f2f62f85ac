package io.perigee.cli.provider;

import io.perigee.cli.CommandGroup;
import picocli.CommandLine.Command;

/** What an owner does. */
@Command(
        name = "provider",
        description = "for owners: register machines, stake for them, let their agents work",
        footer = {"", "Example: perigee provider list"},
        subcommands = {
            CreateCommand.class,
            EnrollCommand.class,
            ListCommand.class,
            WhyCommand.class,
            StakeCommand.class,
            UnstakeCommand.class
        })
public final class ProviderCommand extends CommandGroup {}
