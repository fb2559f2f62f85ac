package io.perigee.agent.testing;

import io.perigee.agent.gateway.GatewayUrl;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import io.perigee.testkit.image.JobImage;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Speaks the hub's side of the protocol over real HTTP and WebSockets, with real signatures, and remembers every word.
 * What it does by itself (acks, receipts) can be switched off.
 */
public final class FakeHub implements AutoCloseable {
    private static final String GATEWAY = "/api/v1/agents/gateway";
    private static final String UPLOADS = "/api/v1/artifacts/uploads";
    private static final String ARTIFACTS = "/api/v1/artifacts/";

    private final Vertx vertx = Vertx.vertx();
    private final Parties parties;
    private final List<AgentMessage> heard = new CopyOnWriteArrayList<>();
    private final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();
    private final Map<ContentId, byte[]> artifacts = new ConcurrentHashMap<>();
    private final Map<String, Buffer> uploads = new ConcurrentHashMap<>();
    private final Map<String, UploadRequest> requests = new ConcurrentHashMap<>();
    private final List<HubMessage> open = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int port;

    public volatile boolean acks = true;
    public volatile boolean receipts = true;
    public volatile boolean answersUploads = true;
    public volatile int logins;
    public volatile int heartbeatSeconds = 1;

    public FakeHub(Parties parties) {
        this.parties = parties;
        start();
    }

    /** Listens, on the same port as before after {@link #stop}. */
    public void start() {
        server = vertx.createHttpServer().webSocketHandler(this::connected).requestHandler(this::request);
        server = join(server.listen(port, "127.0.0.1"));
        port = server.actualPort();
    }

    /** The hub is gone: nothing listens. */
    public void stop() {
        dropConnections();
        join(server.close());
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public void dropConnections() {
        for (var socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() {
        stop();
        join(vertx.close());
    }

    // ---- what tests do

    public Digest assign(HubMessage.AssignmentOffer work) {
        open.add(work);
        say(work);
        return work.assignment().digest(parties.domain());
    }

    /** Says it, and again at every login, as what is open is. */
    public void ask(HubMessage message) {
        open.add(message);
        say(message);
    }

    public void say(HubMessage message) {
        for (var socket : sockets) {
            socket.writeTextMessage(Json.text(message));
        }
    }

    public void verdict(HubMessage.AssignmentOffer work) {
        open.clear();
        say(new HubMessage.VerdictGiven(
                work.jobId(), work.assignment().digest(parties.domain()), AttemptEnd.VERIFIED, "agreed"));
    }

    public List<AgentMessage> heard() {
        return List.copyOf(heard);
    }

    public <T extends AgentMessage> List<T> heard(Class<T> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** How many agents are logged in now. */
    public int online() {
        return sockets.size();
    }

    /** As if no verdict had been heard yet. */
    public void forgetVerdicts() {
        heard.removeIf(message -> message instanceof AgentMessage.VerdictSigned);
    }

    public <T extends AgentMessage> T await(Class<T> type) {
        return await(type, _ -> true, Duration.ofSeconds(60));
    }

    public <T extends AgentMessage> T await(Class<T> type, Predicate<T> which, Duration most) {
        until(() -> heard(type).stream().anyMatch(which), most, type.getSimpleName());
        return heard(type).stream().filter(which).findFirst().orElseThrow();
    }

    public void until(BooleanSupplier condition, Duration most, String what) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Expected %s within %s, but heard %s".formatted(what, most, summary()));
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private List<String> summary() {
        return heard.stream()
                .filter(message ->
                        !(message instanceof AgentMessage.Heartbeat || message instanceof AgentMessage.OfferChanged))
                .map(message -> message instanceof AgentMessage.Failed
                        ? message.toString()
                        : message.getClass().getSimpleName())
                .toList();
    }

    public ContentId store(byte[] content) {
        var id = Sha256.of(content);
        artifacts.put(id, content);
        return id;
    }

    /** Everything that was uploaded, by content. */
    public Set<ContentId> uploaded() {
        return requests.values().stream().map(UploadRequest::sha256).collect(Collectors.toUnmodifiableSet());
    }

    public ContentId store(JobImage image) {
        return store(image.archive());
    }

    public byte[] artifact(ContentId id) {
        var content = artifacts.get(id);
        if (content == null) {
            throw new AssertionError("Expected artifact " + id + " to be uploaded, but it is not");
        }
        return content;
    }

    public Manifest manifest(ContentId id) {
        return Manifest.ofBytes(artifact(id));
    }

    public byte[] file(ContentId manifest, String path) {
        return manifest(manifest).files().stream()
                .filter(f -> f.path().equals(path))
                .map(f -> artifact(f.sha256()))
                .findFirst()
                .orElseThrow();
    }

    // ---- the gateway

    private void connected(ServerWebSocket socket) {
        if (!socket.path().equals(GATEWAY)) {
            socket.close();
            return;
        }
        var nonce = UUID.randomUUID().toString().replace("-", "");
        socket.textMessageHandler(text -> {
            var message = Json.read(text, AgentMessage.class);
            heard.add(message);
            switch (message) {
                case AgentMessage.Hello hello -> welcome(socket, hello, nonce);
                case AgentMessage.Accept m -> ack(socket, m.ref());
                case AgentMessage.Decline m -> ack(socket, m.ref());
                case AgentMessage.Failed m -> ack(socket, m.ref());
                case AgentMessage.Reveal m -> ack(socket, m.ref());
                case AgentMessage.Checkpoint m -> ack(socket, m.ref());
                case AgentMessage.VerdictSigned m -> ack(socket, m.ref());
                case AgentMessage.VerdictRefused m -> ack(socket, m.ref());
                case AgentMessage.Commit m -> {
                    ack(socket, m.ref());
                    if (receipts) {
                        receipt(m);
                    }
                }
                case AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ -> {}
            }
        });
        socket.closeHandler(_ -> sockets.remove(socket));
        socket.writeTextMessage(Json.text(new HubMessage.Challenge(
                nonce,
                parties.hub().address(),
                parties.domain().chainId(),
                parties.domain().escrow(),
                Instant.now())));
    }

    private void welcome(ServerWebSocket socket, AgentMessage.Hello hello, String nonce) {
        var key = hello.sessionKey();
        boolean genuine = Signatures.isBy(key.owner(), key.digest(parties.domain()), hello.ownerSignature())
                && Signatures.isMessageBy(
                        key.key(),
                        AgentLogin.message(
                                GatewayUrl.parse(url()).origin(), parties.hub().address(), nonce),
                        hello.nonceSignature());
        if (!genuine) {
            socket.close();
            return;
        }
        logins++;
        sockets.add(socket);
        socket.writeTextMessage(Json.text(
                new HubMessage.Welcome(key.provider(), "token-" + logins, heartbeatSeconds, 3 * heartbeatSeconds)));
        for (var message : open) {
            socket.writeTextMessage(Json.text(message));
        }
    }

    private void ack(ServerWebSocket socket, UUID ref) {
        if (acks) {
            socket.writeTextMessage(Json.text(new HubMessage.Ack(ref)));
        }
    }

    /** Signs the receipt for a commitment that was heard, as the hub does by itself unless told otherwise. */
    public void receipt(AgentMessage.Commit commit) {
        var receipt = new Receipt(
                commit.commitment().digest(parties.domain()), Instant.now().getEpochSecond(), 0);
        var message = new HubMessage.ReceiptGiven(
                commit.jobId(), commit.commitment(), receipt, parties.hub().sign(receipt.digest(parties.domain())));
        open.add(message);
        say(message);
    }

    // ---- artifacts

    private void request(HttpServerRequest request) {
        var path = request.path();
        if (path.equals("/api/v1/hub")) {
            json(
                    request,
                    200,
                    new HubInfo(
                            parties.hub().address(),
                            parties.domain().chainId(),
                            parties.domain().escrow(),
                            Address.parse("0x0000000000000000000000000000000000000001"),
                            Address.parse("0x0000000000000000000000000000000000000003"),
                            Address.parse("0x0000000000000000000000000000000000000002"),
                            "TST",
                            6,
                            10,
                            3600,
                            "",
                            List.of()));
        } else if (!answersUploads || request.getHeader("Authorization") == null) {
            request.response().setStatusCode(answersUploads ? 401 : 503).end();
        } else if (path.equals(UPLOADS)) {
            request.body().onSuccess(body -> open(request, Json.read(body.getBytes(), UploadRequest.class)));
        } else if (path.startsWith(UPLOADS)) {
            request.body().onSuccess(body -> part(request, path.substring(UPLOADS.length() + 1), body));
        } else if (path.startsWith(ARTIFACTS)) {
            serve(request, ContentId.parse(path.substring(ARTIFACTS.length())));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void open(HttpServerRequest request, UploadRequest wanted) {
        if (artifacts.containsKey(wanted.sha256())) {
            json(request, 200, new UploadView("done", wanted.sha256(), wanted.size(), wanted.size(), true));
            return;
        }
        var id = UUID.randomUUID().toString();
        uploads.put(id, Buffer.buffer());
        requests.put(id, wanted);
        json(request, 201, view(id));
    }

    private void part(HttpServerRequest request, String id, Buffer body) {
        if (request.method().name().equals("PATCH")) {
            var upload = uploads.get(id);
            if (Long.parseLong(request.getHeader("Upload-Offset")) != upload.length()) {
                request.response().setStatusCode(409).end();
                return;
            }
            upload.appendBuffer(body);
            if (view(id).complete()) {
                if (!Sha256.of(upload.getBytes()).equals(requests.get(id).sha256())) {
                    request.response().setStatusCode(422).end();
                    return;
                }
                store(upload.getBytes());
            }
        }
        json(request, 200, view(id));
    }

    private UploadView view(String id) {
        var wanted = requests.get(id);
        long have = uploads.get(id).length();
        return new UploadView(id, wanted.sha256(), wanted.size(), have, have == wanted.size());
    }

    private void serve(HttpServerRequest request, ContentId id) {
        var content = artifacts.get(id);
        if (content == null) {
            request.response().setStatusCode(404).end();
            return;
        }
        var range = request.getHeader("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        request.response()
                .setStatusCode(range == null ? 200 : 206)
                .end(Buffer.buffer(content).slice(from, content.length));
    }

    private static void json(HttpServerRequest request, int status, Object body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(Json.bytes(body)));
    }

    private static <T> T join(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
