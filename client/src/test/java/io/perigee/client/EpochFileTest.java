package io.perigee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochFileFault;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EpochFileTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));
    private static final EpochId ID = new EpochId(HUB, HUB, 7);

    private final FakeHub hub = new FakeHub();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void close() {
        over.countDown();
        hub.close();
    }

    @Test
    void shouldReadAnEpochsLines() {
        // given
        hub.on("/epochs/7/file", exchange -> send(exchange, file(), true));

        // when
        EpochFile read;
        try (var client = hub.client()) {
            read = client.epochFile(ID, 10, LONG);
        }

        // then
        assertThat(read.id()).isEqualTo(ID);
        assertThat(read.lines().count()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatIsNoEpochFile() {
        hub.on("/epochs/7/file", exchange -> send(exchange, new byte[100], true));
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.epochFile(ID, 10, LONG)).isInstanceOf(EpochFileFault.class);
        }
    }

    @Test
    void shouldNotWaitForAHubThatSendsHalfAndThenNothing() {
        // given
        hub.on("/epochs/7/file", exchange -> {
            send(exchange, file(), false);
            await();
        });
        long from = System.nanoTime();

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.epochFile(ID, 10, Duration.ofMillis(300)))
                    .isInstanceOfAny(ApiException.class, EpochFileFault.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LONG);
    }

    @Test
    void shouldNotWaitForAHubThatRefusesWithoutAnEnd() {
        // given: 404, and a body that never ends
        hub.on("/epochs/7/file", exchange -> {
            exchange.sendResponseHeaders(404, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            await();
        });
        long from = System.nanoTime();

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.epochFile(ID, 10, Duration.ofMillis(300)))
                    .isInstanceOf(ApiException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LONG);
    }

    private void await() {
        try {
            over.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, byte[] bytes, boolean whole) throws IOException {
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes, 0, whole ? bytes.length : bytes.length / 2);
        exchange.getResponseBody().flush();
    }

    private static byte[] file() {
        var collector = new LineCollector();
        collector.add(HUB, Digest.ZERO, Digest.ZERO, HUB, Amount.of(1));
        var out = new ByteArrayOutputStream();
        try {
            new EpochFile(ID, collector.lines()).write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
