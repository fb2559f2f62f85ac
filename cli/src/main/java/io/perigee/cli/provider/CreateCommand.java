package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers a provider. */
@Command(
        name = "create",
        description = "register a machine under your wallet; the same name gives the same provider",
        footer = {"", "Example: perigee provider create attic"})
final class CreateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "your name for it (default ${DEFAULT-VALUE})",
            defaultValue = "default")
    private String name = "default";

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    CreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var registration = new Registration(session);
        var provider = registration.provider(name);
        var sent = registration.isDone()
                ? List.of()
                : registration.send(yes, "Register '%s' under your wallet?".formatted(name));
        session.answer(
                Map.of("provider", provider, "owner", session.walletFile().address(), "transactions", sent), () -> {});
        return ExitCode.DONE;
    }
}
