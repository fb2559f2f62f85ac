package io.perigee.cli.settlement;

import io.perigee.cli.CommandGroup;
import picocli.CommandLine.Command;

/** A hub's epochs, seen from outside. */
@Command(
        name = "settlement",
        description =
                "check what a hub settles: recompute an epoch, watch and challenge all, settle a final one, carry what it paid",
        footer = {"", "Example: perigee settlement verify 20661"},
        subcommands = {
            VerifyEpochCommand.class,
            WatchCommand.class,
            SettleEpochCommand.class,
            CarryCommand.class,
            CloseBookCommand.class
        })
public final class SettlementCommand extends CommandGroup {}
