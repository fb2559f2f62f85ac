package io.perigee.cli;

import io.perigee.cli.view.Table;
import io.perigee.cli.view.Words;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.ProviderView;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Who the hub is. */
@Command(
        name = "hub",
        description = "show the hub: its contracts, trainers and providers",
        footer = {"", "Example: perigee hub --hub https://hub.example.org"})
final class HubCommand implements Callable<Integer> {
    private final Session session;

    HubCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.answer(session.hub(), this::show);
        return ExitCode.DONE;
    }

    private void show(HubInfo hub) {
        var ink = session.ink();
        var facts = new Table(ink, "", "");
        facts.row(
                ink.dim("hub"),
                hub.hub() + "  " + ink.dim(session.configuration().hub().toString()));
        facts.row(ink.dim("chain"), hub.chainId() + "  " + ink.dim(hub.rpcUrl()));
        facts.row(ink.dim("escrow"), hub.escrow().value());
        facts.row(ink.dim("registry"), hub.registry().value());
        facts.row(ink.dim("epochs"), hub.epochs().value());
        facts.row(
                ink.dim("token"),
                hub.token() + "  " + ink.dim("%s, %d decimals".formatted(hub.tokenSymbol(), hub.tokenDecimals())));
        facts.row(ink.dim("window"), Words.duration(Duration.ofSeconds(hub.windowSeconds())));
        hub.trainers()
                .forEach(trainer -> facts.row(
                        ink.dim("trainer"),
                        trainer.name() + "  "
                                + ink.dim(Words.brief(trainer.image().hex()))));
        session.say("");
        facts.lines("  ").forEach(session::say);
        var providers = session.client().providers();
        if (!providers.isEmpty()) {
            session.say("");
            var table = new Table(ink, "provider", "owner", "state", ">per 1M tokens", ">slots", ">cpus", ">memory");
            providers.forEach(provider -> table.row(row(provider)));
            table.lines("  ").forEach(session::say);
        }
        session.say("");
    }

    private String[] row(ProviderView provider) {
        var offer = provider.offer();
        return new String[] {
            Words.brief(provider.provider().value()),
            Words.brief(provider.owner().value()),
            provider.online() ? session.ink().good("online") : session.ink().dim("offline"),
            session.money().of(offer.perMillionTokens()),
            Integer.toString(offer.slots()),
            Integer.toString(offer.cpus()),
            Words.bytes(offer.memory()),
        };
    }
}
