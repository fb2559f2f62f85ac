package io.perigee.cli;

import io.perigee.cli.ethereum.Chain;
import io.perigee.cli.view.Terminal;
import io.perigee.client.ApiException;
import io.perigee.client.PerigeeClient;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What hubs said of themselves when they were first asked. A hub that later names other contracts or another key is not
 * believed, because the user's money is in the old ones; and a hub that is gone is not needed to reach them.
 */
final class KnownHubs {
    private final Path directory;
    private final Terminal terminal;

    KnownHubs(Path home, Terminal terminal) {
        this.directory = home.resolve("hubs");
        this.terminal = terminal;
    }

    HubInfo facts(URI hub, PerigeeClient client) {
        var known = remembered(hub);
        try {
            var said = client.hub();
            known.filter(before -> !same(before, said)).ifPresent(before -> refuse(hub, before, said));
            remember(hub, said);
            return said;
        } catch (ApiException e) {
            if (e.status() != 0 || known.isEmpty()) {
                throw e;
            }
            terminal.err().println("  the hub does not answer; using what it said before");
            return known.get();
        }
    }

    /** A dev chain begins anew with every start, so there anything may change. */
    private static boolean same(HubInfo before, HubInfo said) {
        if (said.chainId() == Chain.DEV_CHAIN && before.chainId() == Chain.DEV_CHAIN) {
            return true;
        }
        return before.chainId() == said.chainId()
                && before.hub().equals(said.hub())
                && before.escrow().equals(said.escrow())
                && before.registry().equals(said.registry())
                && before.epochs().equals(said.epochs())
                && before.token().equals(said.token());
    }

    private void refuse(URI hub, HubInfo before, HubInfo said) {
        throw new Refusal(
                ErrorCode.WRONG_HUB,
                "Expected hub '%s' to be %s with escrow %s on chain %d, but now it says %s, %s, %d"
                        .formatted(
                                hub,
                                before.hub(),
                                before.escrow(),
                                before.chainId(),
                                said.hub(),
                                said.escrow(),
                                said.chainId()),
                "Ask the operator; if it is right, delete " + file(hub));
    }

    private Optional<HubInfo> remembered(URI hub) {
        try {
            return Files.exists(file(hub))
                    ? Optional.of(Json.read(Files.readAllBytes(file(hub)), HubInfo.class))
                    : Optional.empty();
        } catch (IOException | InvalidValue e) {
            return Optional.empty();
        }
    }

    private void remember(URI hub, HubInfo said) {
        try {
            Files.createDirectories(directory);
            Files.write(file(hub), Json.bytes(said));
        } catch (IOException e) {
            terminal.err().println("  could not write %s: %s".formatted(file(hub), e.getMessage()));
        }
    }

    private Path file(URI hub) {
        var name = hub.getHost() + "-"
                + Sha256.of(hub.toString().getBytes(StandardCharsets.UTF_8))
                        .hex()
                        .substring(0, 8);
        return directory.resolve(name + ".json");
    }
}
