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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
            // whatever stands at its address by now: who it is it tells everybody, so this is no word of that hub's
            var before = known.orElseThrow(() -> e);
            terminal.err().println("  %s; using what it said before".formatted(e.getMessage()));
            client.goBy(before);
            return before;
        }
    }

    /** A dev chain begins anew with every start, so there anything may change. */
    private static boolean same(HubInfo before, HubInfo said) {
        return (said.chainId() == Chain.DEV_CHAIN && before.chainId() == Chain.DEV_CHAIN)
                || terms(before).equals(terms(said));
    }

    /** What a user's money goes by. */
    private static Map<String, Object> terms(HubInfo said) {
        var terms = new LinkedHashMap<String, Object>();
        terms.put("chain", said.chainId());
        terms.put("hub", said.hub());
        terms.put("escrow", said.escrow());
        terms.put("registry", said.registry());
        terms.put("epochs", said.epochs());
        terms.put("token", said.token());
        terms.put("token's decimals", said.tokenDecimals());
        return terms;
    }

    private void refuse(URI hub, HubInfo before, HubInfo said) {
        var now = terms(said);
        var changes = terms(before).entrySet().stream()
                .filter(term -> !term.getValue().equals(now.get(term.getKey())))
                .map(term ->
                        "its %s is %s instead of %s".formatted(term.getKey(), now.get(term.getKey()), term.getValue()))
                .collect(Collectors.joining(", "));
        throw new Refusal(
                ErrorCode.WRONG_HUB,
                "Expected hub '%s' to be what it was, but now %s".formatted(hub, changes),
                "Ask the operator; if it is right, delete %s. Money in the old contracts needs no hub: --rpc URL --escrow %s --hub-address %s"
                        .formatted(file(hub), before.escrow(), before.hub()));
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
