package io.perigee.cli;

import io.perigee.cli.answer.TryCommand;
import io.perigee.cli.artifact.ArtifactCommand;
import io.perigee.cli.court.CourtCommand;
import io.perigee.cli.job.CancelCommand;
import io.perigee.cli.job.ConvertCommand;
import io.perigee.cli.job.ExplainCommand;
import io.perigee.cli.job.FetchCommand;
import io.perigee.cli.job.JobCommand;
import io.perigee.cli.job.JobsCommand;
import io.perigee.cli.job.QuoteCommand;
import io.perigee.cli.job.SubmitCommand;
import io.perigee.cli.job.TimelineCommand;
import io.perigee.cli.job.VerifyCommand;
import io.perigee.cli.job.WatchCommand;
import io.perigee.cli.provider.ProviderCommand;
import io.perigee.cli.provider.StakeCommand;
import io.perigee.cli.provider.UnstakeCommand;
import io.perigee.cli.record.ClassesCommand;
import io.perigee.cli.record.RecordCommand;
import io.perigee.cli.settlement.SettleDirectCommand;
import io.perigee.cli.settlement.SettlementCommand;
import io.perigee.cli.view.SystemTerminal;
import io.perigee.cli.view.Terminal;
import io.perigee.cli.wallet.BalanceCommand;
import io.perigee.cli.wallet.ClaimCommand;
import io.perigee.cli.wallet.DepositCommand;
import io.perigee.cli.wallet.FaucetCommand;
import io.perigee.cli.wallet.WalletCommand;
import io.perigee.cli.wallet.WithdrawCommand;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The program {@code perigee}. Also callable in-process: {@link #run} starts nothing and exits nothing. */
@Command(
        name = "perigee",
        synopsisSubcommandLabel = "COMMAND",
        description = "The open, decentralised marketplace for verified fine-tuning.",
        sortOptions = false,
        subcommands = {
            WalletCommand.class,
            HubCommand.class,
            TokenCommand.class,
            FaucetCommand.class,
            DepositCommand.class,
            BalanceCommand.class,
            WithdrawCommand.class,
            StakeCommand.class,
            UnstakeCommand.class,
            ClaimCommand.class,
            ArtifactCommand.class,
            ConvertCommand.class,
            QuoteCommand.class,
            SubmitCommand.class,
            WatchCommand.class,
            JobsCommand.class,
            JobCommand.class,
            TimelineCommand.class,
            ExplainCommand.class,
            CancelCommand.class,
            FetchCommand.class,
            VerifyCommand.class,
            TryCommand.class,
            ProviderCommand.class,
            RecordCommand.class,
            ClassesCommand.class,
            SettleDirectCommand.class,
            SettlementCommand.class,
            CourtCommand.class,
            CompletionCommand.class,
            HelpVerb.class,
        })
public final class PerigeeCli extends CommandGroup {
    @Mixin
    private Options options = new Options();

    PerigeeCli() {}

    public static void main(String[] arguments) {
        System.exit(run(new SystemTerminal(System.getenv()), arguments));
    }

    /** Runs one command with the process's environment and returns its exit code. */
    public static int run(Terminal terminal, String... arguments) {
        return run(terminal, System.getenv(), InstantSource.system(), arguments);
    }

    /** Runs one command in an environment of the caller's. */
    public static int run(
            Terminal terminal, Map<String, String> environment, InstantSource clock, String... arguments) {
        return run(terminal, environment, clock, Thread::sleep, arguments);
    }

    static int run(
            Terminal terminal, Map<String, String> environment, InstantSource clock, Sleep sleep, String... arguments) {
        var root = new PerigeeCli();
        try (var session = new Session(terminal, environment, clock, sleep, new SecureRandom(), root.options)) {
            var line = commandLine(root, session);
            line.setExecutionExceptionHandler((fault, _, _) -> new Faults(session).report(fault));
            line.setParameterExceptionHandler((fault, _) -> usage(fault, terminal));
            return line.execute(arguments);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    static CommandLine commandLine(PerigeeCli root, Session session) {
        var line = new CommandLine(root, new Commands(session));
        Manual.arrange(line);
        return line.setOut(session.terminal().out())
                .setErr(session.terminal().err())
                .setUsageHelpWidth(Math.clamp(session.terminal().width(), 60, 110))
                .setUsageHelpAutoWidth(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        session.terminal().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    }

    static String completion(CommandLine line) {
        return AutoComplete.bash("perigee", line);
    }

    private static int usage(ParameterException fault, Terminal terminal) {
        var line = fault.getCommandLine();
        terminal.err().println("error: " + fault.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(fault, terminal.err());
        terminal.err().println("  hint: " + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }
}
