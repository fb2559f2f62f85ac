package io.perigee.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command takes. A flag wins over the environment, which wins over the configuration file. */
public final class Options {
    @Option(
            names = "--hub",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "the hub (PERIGEE_HUB; default http://localhost:8080)")
    @Nullable
    URI hub;

    @Option(
            names = "--wallet",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "the wallet's key file (PERIGEE_WALLET; default ~/.perigee/wallet.json)")
    @Nullable
    Path wallet;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            hidden = true,
            description =
                    "file with the wallet's password (PERIGEE_PASSWORD_FILE; default beside the wallet; asked for otherwise)")
    @Nullable
    Path passwordFile;

    @Option(
            names = "--rpc",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "the chain's endpoint (PERIGEE_RPC; default the hub's)")
    @Nullable
    URI rpc;

    @Option(
            names = "--escrow",
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "the market's escrow (PERIGEE_ESCROW): with it and --rpc no hub is asked for anything")
    @Nullable
    String escrow;

    @Option(
            names = "--hub-address",
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "with --escrow: the hub that is meant (PERIGEE_HUB_ADDRESS)")
    @Nullable
    String hubAddress;

    @Option(
            names = "--token",
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "with --escrow: what orders are paid in (PERIGEE_TOKEN; default what stakes are counted in)")
    @Nullable
    String token;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "configuration and wallet (PERIGEE_HOME; default ~/.perigee)")
    @Nullable
    Path home;

    @Option(names = "--json", scope = ScopeType.INHERIT, hidden = true, description = "print JSON for programs")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "show this help")
    boolean help;

    Options() {}
}
