package io.perigee.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.FileHasher;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochFileFault;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.protocol.rest.ClassView;
import io.perigee.protocol.rest.EpochPage;
import io.perigee.protocol.rest.EpochView;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobExplanation;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.ProviderPage;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.rest.ProviderWhy;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.QuoteRequest;
import io.perigee.protocol.rest.RecordView;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.TimelineEntry;
import io.perigee.protocol.rest.WalletLogin;
import io.perigee.protocol.spec.SpecHash;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A hub, seen by a builder. Safe for use by several threads. Calls block, on a virtual thread for preference; every one
 * is bounded in time, and repeated by itself where repeating is harmless. Refusals are {@link ApiException}s.
 */
public final class PerigeeClient implements AutoCloseable {
    /** What a hub sends at once. */
    private static final int TIMELINE_PAGE = 1_000;

    private static final int PROVIDER_PAGE = 100;
    private static final int MOST_ENTRIES = 100_000;

    private final Transport transport;
    private volatile @Nullable HubInfo hub;

    public PerigeeClient(ClientSettings settings) {
        this.transport = new Transport(settings);
    }

    public static PerigeeClient of(URI hub) {
        return new PerigeeClient(ClientSettings.of(hub));
    }

    /** Who the hub is. Asked once and remembered: contracts and keys of a hub do not change under a running client. */
    public HubInfo hub() {
        var known = hub;
        if (known == null) {
            known = transport.get("/hub", HubInfo.class);
            hub = known;
        }
        return known;
    }

    /** Goes by these facts from now on and asks for none: what the caller remembers of a hub, or has checked. */
    public void goBy(HubInfo facts) {
        hub = facts;
    }

    /** Where this hub's signatures are good. */
    public Domain domain() {
        return new Domain(hub().chainId(), hub().escrow());
    }

    /** Signs in, and again by itself when the session ends. The text that is signed is made here, never taken from the hub. */
    public void signIn(KeyPair wallet) {
        transport.authenticate(() -> session(wallet).token());
    }

    /** Logs in, for another program: the token is good until it expires, for whoever has it. */
    public SessionView session(KeyPair wallet) {
        // of the address that is dialled: what the hub says of itself may be another's
        var url = transport.settings().hub();
        var origin = Origin.of(url.getScheme(), url.getHost(), url.getPort());
        var challenge = transport.post(
                "/sessions/challenges",
                new ChallengeRequest(wallet.address(), origin),
                Challenge.class,
                Map.of(),
                true);
        var message = WalletLogin.message(origin, hub().hub(), wallet.address(), challenge.nonce());
        var request = new SessionRequest(wallet.address(), origin, challenge.nonce(), wallet.signMessage(message));
        return transport.post("/sessions", request, SessionView.class, Map.of(), false);
    }

    public Artifacts artifacts() {
        return artifacts(Sha256::of);
    }

    /** @param hasher names files to upload; what is downloaded is always hashed */
    public Artifacts artifacts(FileHasher hasher) {
        return new Artifacts(transport, hasher);
    }

    /**
     * What a job would cost. Nothing is kept or promised. Amounts are read by the decimals of {@link #hub}: before an order is
     * signed for money, compare them with the token's own.
     *
     * @throws ApiException also when the hub quotes another job than this one
     */
    public Quote quote(JsonNode human) {
        var quote = transport.post("/quotes", new QuoteRequest(human), Quote.class, Map.of(), true);
        return AskedJob.require(human, quote, hub().tokenDecimals());
    }

    /**
     * Signs the order of a quote, after checking that it says what the quote says: this spec, this hub, this wallet, and no
     * more money than the spec allows.
     */
    public Signature sign(Quote quote, KeyPair wallet) {
        var order = quote.order();
        var spec = quote.spec();
        boolean sound = SpecHash.of(spec).equals(order.specHash())
                && order.builder().equals(wallet.address())
                && order.hub().equals(hub().hub())
                && order.token().equals(hub().token())
                && order.maxPayment().equals(spec.price().max())
                && order.segments() == spec.borders()
                && order.quorum() == spec.verification().quorum();
        if (!sound) {
            throw ApiException.of(
                    ErrorCode.ORDER_MISMATCH,
                    "Expected the hub's order to say what its quote says, but it differs; nothing was signed",
                    "Do not use this hub, or ask its operator");
        }
        return wallet.sign(order.digest(domain()));
    }

    /** Submits a signed job. Sending the same key again gives the same job, so this is repeated on a broken connection. */
    public JobView submit(Quote quote, Signature signature, String idempotencyKey) {
        return submit(new KeyedSubmission(idempotencyKey, new SubmitRequest(quote.spec(), quote.order(), signature)));
    }

    /** The same. */
    public JobView submit(KeyedSubmission job) {
        return transport.post("/jobs", job.request(), JobView.class, Map.of("Idempotency-Key", job.key()), true);
    }

    /**
     * Submits many signed jobs in one request. Each is taken or refused by itself, so this refuses only what is wrong with
     * all of them. Repeated like {@link #submit}; what was taken the first time is said to be a repetition then.
     *
     * @return what became of each, in the order of the jobs
     */
    public List<SubmissionAnswer> submit(List<KeyedSubmission> jobs) {
        var answers = transport
                .post("/jobs:batch", new BatchSubmission(jobs), BatchAnswer.class, Map.of(), true)
                .answers();
        if (answers.size() != jobs.size()) {
            throw ApiException.of(
                    ErrorCode.MALFORMED,
                    "Expected %d answers to as many jobs, but the hub gave %d".formatted(jobs.size(), answers.size()),
                    "Use a client and a hub of matching releases");
        }
        return answers;
    }

    public JobView job(JobId id) {
        return transport.get("/jobs/" + id, JobView.class);
    }

    /** The caller's jobs, newest first. */
    public JobPage jobs(@Nullable String cursor, int limit) {
        var after = cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        return transport.get("/jobs?limit=" + limit + after, JobPage.class);
    }

    /** Asks for the job to stop at its next border. What is sealed by then is verified and paid. */
    public JobView cancel(JobId id) {
        return transport.post("/jobs/" + id + "/cancel", null, JobView.class, Map.of(), true);
    }

    /** Every move of a job, oldest first; read page by page. */
    public List<TimelineEntry> timeline(JobId id) {
        var all = new ArrayList<TimelineEntry>();
        List<TimelineEntry> page;
        do {
            long after = all.isEmpty() ? 0 : all.getLast().seq();
            page = list(transport.get("/jobs/" + id + "/timeline?after=" + after, JsonNode.class), TimelineEntry.class);
            all.addAll(page);
        } while (page.size() >= TIMELINE_PAGE && all.size() < MOST_ENTRIES);
        return List.copyOf(all);
    }

    /** Why a job waits. */
    public JobExplanation explanation(JobId id) {
        return transport.get("/jobs/" + id + "/explanation", JobExplanation.class);
    }

    /** Why a provider of the caller's got the work it got. */
    public ProviderWhy why(ProviderId id) {
        return transport.get("/providers/" + id + "/why", ProviderWhy.class);
    }

    /** The caller's own record, with what it rests on. */
    public RecordView record() {
        return transport.get("/record", RecordView.class);
    }

    /** What a builder, or an owner of providers, has shown here. */
    public RecordView record(Address address) {
        return transport.get("/records/" + address, RecordView.class);
    }

    /** Numeric classes that are offered, and whether their bits are known to agree. */
    public List<ClassView> classes() {
        return list(transport.get("/classes", JsonNode.class), ClassView.class);
    }

    /** The job's events, from any point on, over broken connections. */
    public JobEvents events(JobId id) {
        return new JobEvents(transport, id);
    }

    /** The proof of a decided job. */
    public BundleView bundle(JobId id) {
        return transport.get("/jobs/" + id + "/bundle", BundleView.class);
    }

    /** All providers, those online first; read page by page. */
    public List<ProviderView> providers() {
        var all = new ArrayList<ProviderView>();
        String cursor = null;
        do {
            var page = providers(cursor, PROVIDER_PAGE);
            all.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null && all.size() < MOST_ENTRIES);
        return List.copyOf(all);
    }

    public ProviderPage providers(@Nullable String cursor, int limit) {
        var after = cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        return transport.get("/providers?limit=" + limit + after, ProviderPage.class);
    }

    /** The hub's epochs, newest first. Nobody needs to sign in for them. */
    public EpochPage epochs(@Nullable String cursor, int limit) {
        var after = cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        return transport.get("/epochs?limit=" + limit + after, EpochPage.class);
    }

    /** What the hub says of an epoch; the chain and the file tell whether that is so. */
    public EpochView epoch(int number, Address token) {
        return transport.get("/epochs/%d?token=%s".formatted(number, token), EpochView.class);
    }

    /**
     * An epoch's lines, as the hub publishes them; needs no session. What comes is not compared with what was posted.
     *
     * @param mostLines a file of more is refused before it is read
     * @param longest how long the whole file may take, from the first question on: a hub that withholds may as well send a byte an hour
     * @throws EpochFileFault when what comes is no epoch file
     */
    public EpochFile epochFile(EpochId id, int mostLines, Duration longest) {
        var path = "/epochs/%d/file?token=%s".formatted(id.number(), id.token());
        var request = transport.request(
                path, Map.of("Accept", "application/octet-stream, application/problem+json"), "GET", null);
        long end = System.nanoTime() + longest.toNanos();
        try (var body = transport.send(request, true, longest).body();
                var _ = new Limit(Duration.ofNanos(end - System.nanoTime()), body)) {
            return EpochFile.read(body, mostLines);
        } catch (IOException e) {
            throw ApiException.unreachable(transport.hub(), e);
        }
    }

    private static <T> List<T> list(JsonNode json, Class<T> type) {
        var items = json.isObject() ? json.path("items") : json;
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> Json.read(item, type))
                .toList();
    }

    @Override
    public void close() {
        transport.close();
    }
}
