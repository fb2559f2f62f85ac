package io.perigee.cli;

import io.perigee.cli.ethereum.Market;
import io.perigee.cli.view.Terminal;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.crypto.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Markets of which a chain has said what their hub says. A token's decimals and an escrow's registry do not change, so it is
 * asked once. What a development chain said is not kept: the next one begins anew.
 */
final class ConfirmedMarkets {
    private final Path directory;
    private final Terminal terminal;

    ConfirmedMarkets(Path home, Terminal terminal) {
        this.directory = home.resolve("markets");
        this.terminal = terminal;
    }

    boolean has(Market market) {
        return Files.exists(file(market));
    }

    void remember(Market market) {
        if (market.hasPlayMoney() || has(market)) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Files.write(file(market), CanonicalJson.bytes(market));
        } catch (IOException e) {
            terminal.err().println("  could not write %s: %s".formatted(file(market), e.getMessage()));
        }
    }

    /** Named by all that was confirmed, so that a market of which any of it differs is another. */
    private Path file(Market market) {
        return directory.resolve(Sha256.of(CanonicalJson.bytes(market)).hex() + ".json");
    }
}
