package io.perigee.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How the help reads: commands by what they are for, common options once. */
final class Manual {
    static final List<Map.Entry<String, List<String>>> GROUPS = List.of(
            Map.entry("Money", List.of("wallet", "faucet", "deposit", "balance", "withdraw")),
            Map.entry(
                    "Jobs",
                    List.of("convert", "quote", "submit", "watch", "jobs", "job", "explain", "timeline", "cancel")),
            Map.entry("Results", List.of("fetch", "verify", "try", "artifact")),
            Map.entry("Providers", List.of("provider", "stake", "unstake", "claim")),
            Map.entry("The market", List.of("hub", "record", "classes")),
            Map.entry("Without the hub", List.of("settle-direct", "settlement", "court")),
            Map.entry("This program", List.of("help", "completion")));

    private static final String MACHINE = """
            The script ./perigee has verbs of its own, for one machine:
              demo [--cheater] [--direct]  a real fine-tune, verified and paid, from nothing
              up, down                     the same stack, left running
              test                         every test
              simulate                     the market's rules among cheats
            """;

    private static final String COMMON = """
            Options of every command, with their variable in the environment:
              --hub URL             PERIGEE_HUB            the hub (default http://localhost:8080)
              --wallet FILE         PERIGEE_WALLET         the wallet's key file (default ~/.perigee/wallet.json)
              --password-file FILE  PERIGEE_PASSWORD_FILE  its password (default beside it; asked for otherwise)
              --rpc URL             PERIGEE_RPC            the chain's endpoint (default the one the hub names)
              --escrow ADDRESS      PERIGEE_ESCROW         with --rpc: the market, and no hub is asked for anything
              --hub-address, --token                       with --escrow: whose orders, and what they are paid in
              --home DIR            PERIGEE_HOME           configuration (default ~/.perigee, config.yaml in it)
              --json                                       print JSON for programs
              -h, --help                                   show the help of a command
            """;

    private static final String EXIT_CODES = """
            Exit codes:
               0 done            4 not yours, wallet   11 job cancelled         15 data withheld
               1 a bug of ours   5 not reachable       12 job expired           16 done in part
               2 wrong usage     6 chain               13 the proof is wrong    65 another training
               3 refused        10 job failed          14 still running, or not yet
            """;

    private Manual() {}

    static void arrange(CommandLine root) {
        var sections = root.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, _ -> commands(root));
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, _ -> "\n" + MACHINE + "\n" + COMMON + "\n" + EXIT_CODES);
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, _ -> "");
        root.setHelpSectionMap(sections);
        root.getSubcommands().values().forEach(Manual::plain);
    }

    /** Setting sections on the root sets them below too; there the usual ones are right. */
    private static void plain(CommandLine line) {
        var sections = new TreeMap<>(line.getHelpSectionMap());
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> help.commandList());
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> help.footer());
        line.setHelpSectionMap(sections);
    }

    private static String commands(CommandLine root) {
        var lines = new ArrayList<String>();
        for (var group : GROUPS) {
            lines.add("");
            lines.add(root.getColorScheme()
                    .text("@|bold %s|@".formatted(group.getKey()))
                    .toString());
            for (var name : group.getValue()) {
                var usage = Objects.requireNonNull(root.getSubcommands().get(name))
                        .getCommandSpec()
                        .usageMessage();
                lines.add("  %s  %s"
                        .formatted(root.getColorScheme().commandText("%-13s".formatted(name)), usage.description()[0]));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
