package io.perigee.cli.court;

import io.perigee.cli.CommandGroup;
import picocli.CommandLine.Command;

/** One segment of one run, decided by judges who run it again. */
@Command(
        name = "court",
        description = "disputes: accuse a run of one wrong segment, judge it by running it again, look at cases",
        footer = {"", "Example: perigee court cases --open"},
        subcommands = {
            AccuseCommand.class,
            CasesCommand.class,
            ShowCommand.class,
            DrawCommand.class,
            JudgeCommand.class,
            WatchCommand.class,
            ReplaceCommand.class,
            CloseCommand.class,
            EnlistCommand.class,
            TicketsCommand.class,
            DelistCommand.class,
            WithdrawFeesCommand.class,
            ProveCommand.class
        })
public final class CourtCommand extends CommandGroup {}
