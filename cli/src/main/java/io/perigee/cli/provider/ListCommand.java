package io.perigee.cli.provider;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.rest.ProviderView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The owner's providers as the hub sees them. */
@Command(
        name = "list",
        description = "list your providers as the hub sees them",
        footer = {"", "Example: perigee provider list        perigee provider list --all --json"})
final class ListCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--all", description = "everybody's")
    private boolean all;

    ListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var providers = all ? session.client().providers() : mine();
        session.answer(providers, this::show);
        return ExitCode.DONE;
    }

    private List<ProviderView> mine() {
        var owner = session.walletFile().address();
        return session.client().providers().stream()
                .filter(provider -> provider.owner().equals(owner))
                .toList();
    }

    private void show(List<ProviderView> providers) {
        if (providers.isEmpty()) {
            session.say("  none has said hello yet; enrol one with: perigee provider enroll --agent-home DIR");
            return;
        }
        var ink = session.ink();
        var table = new Table(ink, "provider", "owner", "state", ">per 1M tokens", ">slots", "machine");
        for (var provider : providers) {
            table.row(
                    Words.brief(provider.provider().value()),
                    Words.brief(provider.owner().value()),
                    provider.online() ? ink.good("online") : ink.dim("offline"),
                    session.money().of(provider.offer().perMillionTokens()),
                    Integer.toString(provider.offer().slots()),
                    ink.cut(provider.offer().hardware().cpuModel(), 32));
        }
        table.lines("  ").forEach(session::say);
    }
}
