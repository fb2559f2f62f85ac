package io.perigee.benchmarks.durable;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.message.Acceptance;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An honest agent without an engine: it logs in, says that it lives, and takes what it is given. It never finishes. */
final class LightAgent implements WebSocket.Listener {
    private final SampleProvider provider;
    private final BooleanSupplier accepts;
    private final ExecutorService signing;
    private final AtomicLong offered;
    private final StringBuilder part = new StringBuilder();
    private final CompletableFuture<HubMessage.Welcome> welcome = new CompletableFuture<>();
    private volatile @Nullable Origin origin;
    private @Nullable WebSocket socket;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(true);

    /**
     * @param accepts whether it takes assignments now
     * @param signing where it signs
     * @param offered counts assignments that came
     */
    LightAgent(SampleProvider provider, BooleanSupplier accepts, ExecutorService signing, AtomicLong offered) {
        this.provider = provider;
        this.accepts = accepts;
        this.signing = signing;
        this.offered = offered;
    }

    CompletableFuture<HubMessage.Welcome> connect(HttpClient http, URI gateway) {
        origin = Origin.of(gateway.getScheme().replaceFirst("^ws", "http"), gateway.getHost(), gateway.getPort());
        return http.newWebSocketBuilder().buildAsync(gateway, this).thenCompose(_ -> welcome);
    }

    void heartbeat() {
        say(new AgentMessage.Heartbeat(List.of()));
    }

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            var text = part.toString();
            part.setLength(0);
            signing.execute(() -> heard(Json.read(text, HubMessage.class)));
        }
        from.request(1);
        return null;
    }

    private void heard(HubMessage message) {
        switch (message) {
            case HubMessage.Challenge challenge -> {
                var at = Objects.requireNonNull(origin);
                var nonce = provider.session()
                        .signMessage(AgentLogin.message(at, Parties.HUB.address(), challenge.nonce()));
                say(new AgentMessage.Hello(
                        "light", at, provider.sessionKey(), provider.sessionKeySignature(), nonce, provider.offer()));
            }
            case HubMessage.Welcome told -> welcome.complete(told);
            case HubMessage.AssignmentOffer offer -> {
                offered.incrementAndGet();
                if (accepts.getAsBoolean()) {
                    var hash = offer.assignment().digest(Parties.DOMAIN);
                    var signature = provider.session().sign(new Acceptance(hash).digest(Parties.DOMAIN));
                    say(new AgentMessage.Accept(UUID.randomUUID(), offer.jobId(), hash, signature));
                }
            }
            case HubMessage.Refusal refusal -> {
                welcome.completeExceptionally(new IllegalStateException(refusal.detail()));
                System.err.println("an agent was refused: " + refusal.detail());
            }
            default -> {
                // an ack, or a word about a job that nobody works on here
            }
        }
    }

    /** One message after the other: a WebSocket takes no second one while the first is on its way. */
    private synchronized void say(AgentMessage message) {
        var to = socket;
        if (to != null) {
            sending = sending.handle((_, _) -> true).thenCompose(_ -> to.sendText(Json.text(message), true));
        }
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        welcome.completeExceptionally(error);
    }

    void leave() {
        var open = socket;
        if (open != null) {
            open.abort();
        }
    }
}
