package io.perigee.api;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent on the line. */
final class TestAgent implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration BEAT = Duration.ofMillis(500);

    private final SampleProvider provider;
    private final BlockingQueue<HubMessage> heard = new LinkedBlockingQueue<>();
    private final List<HubMessage> passed = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private WebSocket socket;
    private String token = "";

    private TestAgent(SampleProvider provider) {
        this.provider = provider;
    }

    /** Dials, and says nothing. */
    static TestAgent dial(SampleProvider provider) {
        return dial(provider, HttpClient.newHttpClient().newWebSocketBuilder());
    }

    /** The same from an address, as a proxy says it. */
    static TestAgent dialFrom(String address, SampleProvider provider, HttpClient http) {
        return dial(provider, http.newWebSocketBuilder().header("X-Forwarded-For", address));
    }

    private static TestAgent dial(SampleProvider provider, WebSocket.Builder dialling) {
        var agent = new TestAgent(provider);
        var uri = URI.create("ws://localhost:" + RestAssured.port + "/api/v1/agents/gateway");
        agent.socket = dialling.buildAsync(uri, agent).join();
        return agent;
    }

    /** Dials, logs in, and beats from then on. */
    static TestAgent connect(SampleProvider provider) {
        var agent = dial(provider);
        agent.token = agent.welcomed().artifactToken();
        return agent;
    }

    static TestAgent connect(String name, long perMillionTokens) {
        return connect(SampleProvider.of(name).asking(perMillionTokens));
    }

    SampleProvider provider() {
        return provider;
    }

    /** The artifact token of the login that {@link #connect} made. */
    String token() {
        return token;
    }

    void hello() {
        hello(provider.sessionKey(), provider.sessionKeySignature(), provider.offer());
    }

    void hello(SessionKey key, Signature ownerSignature, Offer offer) {
        var nonce = provider.session()
                .signMessage(AgentLogin.message(
                        Door.origin(),
                        Parties.HUB.address(),
                        next(HubMessage.Challenge.class).nonce()));
        say(new AgentMessage.Hello("test", Door.origin(), key, ownerSignature, nonce, offer));
    }

    /** A relaying hub's agent: signs the challenge for the origin it is at; the relaying hub says another, or the same. */
    void helloRelayed(Origin at, Origin said) {
        var nonce = provider.session()
                .signMessage(AgentLogin.message(
                        at,
                        Parties.HUB.address(),
                        next(HubMessage.Challenge.class).nonce()));
        say(new AgentMessage.Hello(
                "test", said, provider.sessionKey(), provider.sessionKeySignature(), nonce, provider.offer()));
    }

    /** Answers the challenge with the signature over another one. */
    void helloToAnotherNonce() {
        next(HubMessage.Challenge.class);
        var nonce = provider.session()
                .signMessage(AgentLogin.message(Door.origin(), Parties.HUB.address(), "0".repeat(64)));
        say(new AgentMessage.Hello(
                "test", Door.origin(), provider.sessionKey(), provider.sessionKeySignature(), nonce, provider.offer()));
    }

    /** Logs in, and beats from then on. */
    HubMessage.Welcome welcomed() {
        hello();
        var welcome = next(HubMessage.Welcome.class);
        beating();
        return welcome;
    }

    /** Beats from now on until it goes, as every agent does however busy its machine is. */
    void beating() {
        Thread.startVirtualThread(() -> {
            try {
                while (!socket.isOutputClosed()) {
                    say(new AgentMessage.Heartbeat(List.of()));
                    Thread.sleep(BEAT);
                }
            } catch (InterruptedException | CompletionException e) {
                // it is gone
                Thread.currentThread().interrupt();
            }
        });
    }

    synchronized void say(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    void say(AgentMessage message) {
        say(Json.text(message));
    }

    synchronized void say(String text) {
        socket.sendText(text, true).join();
    }

    /** Says a piece of a message that never ends; false when nobody hears it any more. */
    synchronized boolean sayPart(String text) {
        return socket.sendText(text, false)
                .handle((_, broken) -> broken == null)
                .join();
    }

    /** Whether the line ends within that time, in whatever way. */
    boolean ends(Duration soon) {
        var end = closed.handle((_, _) -> true);
        return end.completeOnTimeout(false, soon.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** The next message of a kind; others are put aside. */
    <T extends HubMessage> T next(Class<T> type) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                var message = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (message == null) {
                    throw new AssertionError("no " + type.getSimpleName() + " came, but " + passed);
                }
                if (type.isInstance(message)) {
                    return type.cast(message);
                }
                passed.add(message);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the hub greets it, and does not turn it away. */
    boolean challenged() {
        try {
            return heard.poll(2, TimeUnit.SECONDS) instanceof HubMessage.Challenge;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The code the hub closed with. */
    int closeCode() {
        return closed.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            heard.add(Json.read(part.toString(), HubMessage.class));
            part.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    /** Says goodbye. */
    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
    }

    /** Vanishes without a word. */
    void vanish() {
        socket.abort();
    }
}
