package io.perigee.cli.wallet;

import io.perigee.cli.CommandGroup;
import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.protocol.crypto.Keystore;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The key that signs orders and holds money. */
@Command(
        name = "wallet",
        description = "make a wallet, or show it",
        footer = {"", "Example: perigee wallet create --save-password"},
        subcommands = {WalletCommand.Create.class, WalletCommand.Show.class})
public final class WalletCommand extends CommandGroup {
    /** Makes one. */
    @Command(
            name = "create",
            description = "make a new key and seal it with a password",
            footer = {"", "Example: perigee wallet create --save-password"})
    static final class Create implements Callable<Integer> {
        private final Session session;

        @Option(
                names = "--save-password",
                description = "draw a password and keep it beside the key file, readable by you alone")
        private boolean savePassword;

        @Option(names = "--light", description = "seal it quickly and weakly; for development only")
        private boolean light;

        Create(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var file = session.walletFile();
            var key = file.create(
                    savePassword, light ? Keystore.Strength.LIGHT : Keystore.Strength.STANDARD, session.random());
            session.answer(Map.of("address", key.address(), "file", file.file().toString()), () -> {
                var ink = session.ink();
                session.say("  %s wallet %s"
                        .formatted(ink.done(), ink.bold(key.address().value())));
                session.say("    %s %s".formatted(ink.dim("key file"), file.file()));
                if (savePassword) {
                    session.say("    %s %s".formatted(ink.dim("password"), file.besidePassword()));
                }
                session.say("    " + ink.warn("Keep a copy of both somewhere else: nobody can make them again."));
            });
            return ExitCode.DONE;
        }
    }

    /** Shows it. */
    @Command(
            name = "show",
            description = "show the wallet's address",
            footer = {"", "Example: perigee wallet show"})
    static final class Show implements Callable<Integer> {
        private final Session session;

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var file = session.walletFile();
            var address = file.address();
            session.answer(
                    Map.of("address", address, "file", file.file().toString()),
                    () -> session.say("  %s  %s"
                            .formatted(
                                    session.ink().bold(address.value()),
                                    session.ink().dim(file.file().toString()))));
            return ExitCode.DONE;
        }
    }
}
