package io.perigee.cli;

import com.sun.net.httpserver.HttpServer;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.shape.EpochShapes;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.result.KeptEvidence;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A hub that is its own settler, true or false, and publishes its epochs' files as long as it likes. */
final class Settler implements AutoCloseable {
    static final long BOND = 10_000_000;
    /** A ten-thousandth of it: of an epoch's first demands. */
    static final long DEMAND_BOND = 1_000;

    private static final int HEADER = 64;
    private static final int WIDTH = 135;
    private static final int SUM = 119;

    private final DevMarket market;
    private final HttpServer server;
    private final AtomicReference<byte[]> published = new AtomicReference<>(new byte[0]);

    Settler(DevMarket market) {
        this.market = market;
        market.fund(market.hub);
        market.deposit(market.hub, BOND);
        DevMarket.sent(() -> epochs().appoint(market.hub.address().value(), market.deployment.token())
                .send());
        DevMarket.sent(
                () -> epochs().open(market.hub.address().value(), market.deployment.token(), BigInteger.valueOf(BOND))
                        .send());
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/v1/epochs/", exchange -> {
            try (exchange) {
                var body = published.get();
                exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Epochs epochs() {
        return market.epochs(market.hub);
    }

    /** The epoch that can be posted now: that of the window that ended last. */
    EpochId due() {
        return new EpochId(market.hub.address(), market.token(), EpochId.numberOf(market.time(), DevMarket.WINDOW) - 1);
    }

    /** Moves into the first minute of the next window, so that there is time for all that follows. */
    EpochId nextWindow() {
        long window = DevMarket.WINDOW.toSeconds();
        market.advanceTo((market.time() / window + 1) * window + 60);
        return due();
    }

    void post(EpochLedger ledger) {
        var accounts = EpochShapes.accounts(ledger.accounts());
        DevMarket.sent(() -> epochs().post(
                        market.deployment.token(),
                        BigInteger.valueOf(ledger.id().number()),
                        ledger.content().root().bytes(),
                        accounts.debits,
                        accounts.credits)
                .send());
    }

    void publish(EpochLedger ledger) {
        published.set(bytes(new EpochFile(ledger.id(), ledger.lines())));
    }

    void withhold() {
        published.set(new byte[0]);
    }

    byte[] file() {
        return published.get();
    }

    String state(EpochId id) {
        int state = DevMarket.sent(() -> epochs().stateOf(EpochShapes.epoch(id)).send())
                .intValueExact();
        return List.of("nothing", "pending", "final", "settled").get(state);
    }

    /** Shows all lines of the only order of an epoch, and its evidence. */
    void answer(EpochLedger ledger, int index, List<KeptEvidence> runs) {
        var order = runs.getFirst().order();
        DevMarket.sent(() -> epochs().answer(
                        EpochShapes.epoch(ledger.id()),
                        EpochShapes.content(ledger.content()),
                        io.perigee.cli.ethereum.EpochBook.line(index).bytes(),
                        EpochShapes.stretch(ledger.stretchOf(
                                order.builder(), runs.getFirst().orderHash())),
                        EpochShapes.order(order),
                        EpochShapes.signature(runs.getFirst().orderSignature()),
                        List.of(new Epochs.Agreement(runs.stream()
                                .map(run -> EpochShapes.run(run, run.furthest()))
                                .toList())))
                .send());
    }

    // ---- lines that are not true

    /** The same lines, the sum of one of them raised. */
    static Lines raised(EpochId id, Lines lines, int index, long by) {
        var bytes = bytes(new EpochFile(id, lines));
        add(bytes, index, BigInteger.valueOf(by));
        return read(bytes);
    }

    /** The lines of one builder, the first of them twice, and the sums of all others carried on. */
    static Lines doubled(EpochId id, Lines lines) {
        var bytes = bytes(new EpochFile(id, lines));
        var more = new byte[bytes.length + WIDTH];
        System.arraycopy(bytes, 0, more, 0, HEADER + WIDTH);
        System.arraycopy(bytes, HEADER, more, HEADER + WIDTH, bytes.length - HEADER);
        more[HEADER - 1]++;
        var first = lines.line(0).amount().value();
        for (int i = 1; i <= lines.count(); i++) {
            add(more, i, first);
        }
        return read(more);
    }

    private static void add(byte[] file, int index, BigInteger more) {
        int at = HEADER + index * WIDTH + SUM;
        var sum = new BigInteger(1, file, at, 16).add(more).toByteArray();
        for (int i = 0; i < 16; i++) {
            int from = sum.length - 16 + i;
            file[at + i] = from < 0 ? 0 : sum[from];
        }
    }

    private static Lines read(byte[] bytes) {
        try {
            return EpochFile.read(new ByteArrayInputStream(bytes), Lines.MOST).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(EpochFile file) {
        var out = new ByteArrayOutputStream();
        try {
            file.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    KeyPair hub() {
        return market.hub;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
