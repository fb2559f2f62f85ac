package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.rest.ProviderPage;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.protocol.spec.SpecLimits;
import io.perigee.testkit.Ids;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may talk to the hub as a provider, and when it counts as gone. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class GatewayIT {
    private static final Origin RELAY = Origin.parse("https://relay.example.org");

    private SampleProvider provider;
    private TestAgent agent;

    @BeforeEach
    void dial() {
        provider = SampleProvider.of("agent-" + UUID.randomUUID());
        agent = TestAgent.dial(provider);
    }

    @AfterEach
    void hangUp() {
        agent.vanish();
    }

    @Test
    void shouldWelcomeAnAgentWithItsOwnersWord() {
        // when
        agent.hello();

        // then
        var welcome = agent.next(HubMessage.Welcome.class);
        assertThat(welcome.provider()).isEqualTo(provider.id());
        assertThat(welcome.heartbeatSeconds()).isEqualTo(2);
        assertThat(facts(ProviderOnline.class)).containsExactly(provider.online());
        assertThat(providers(7)).anyMatch(view -> view.provider().equals(provider.id()) && view.online());
    }

    @Test
    void shouldListEveryProviderOnceHoweverLargeThePages() {
        // given: one online, and some that left
        agent.hello();
        agent.next(HubMessage.Welcome.class);
        var others = IntStream.range(0, 5)
                .mapToObj(_ -> SampleProvider.of("listed-" + UUID.randomUUID()))
                .toList();
        others.forEach(other -> TestAgent.connect(other).close());

        // when
        Await.until(
                Log.SOON,
                () -> providers(100).stream()
                        .filter(view ->
                                others.stream().anyMatch(other -> other.id().equals(view.provider())))
                        .noneMatch(ProviderView::online),
                () -> "they are still there");
        var pages = providers(2);

        // then: those online first
        assertThat(pages)
                .extracting(ProviderView::provider)
                .doesNotHaveDuplicates()
                .contains(provider.id());
        assertThat(pages)
                .extracting(ProviderView::provider)
                .containsAll(others.stream().map(SampleProvider::id).toList());
        assertThat(pages)
                .isSortedAccordingTo(Comparator.comparing(ProviderView::online).reversed());
    }

    @Test
    void shouldRefusePagesOfNoSensibleSizeOrPlace() {
        for (var query : List.of("limit=0", "limit=101", "limit=x", "cursor=on-0x", "cursor=%00")) {
            RestAssured.given()
                    .urlEncodingEnabled(false)
                    .get("/api/v1/providers?" + query)
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void shouldRefuseALoginThatIsToAnotherOrigin() {
        // when: the agent is at a hub that hands our challenge on
        agent.helloRelayed(RELAY, RELAY);

        // then
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(ErrorCode.WRONG_ORIGIN);
        assertThat(refusal.detail()).contains(RELAY.value(), Door.origin().value());
        assertThat(facts(ProviderOnline.class)).isEmpty();
    }

    @Test
    void shouldRefuseALoginThatARelayingHubCallsOurs() {
        // when
        agent.helloRelayed(RELAY, Door.origin());

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldRefuseAKeyTheOwnerDidNotSign() {
        // given
        var key = provider.sessionKey();

        // when
        agent.hello(key, provider.session().sign(key.digest(Parties.DOMAIN)), provider.offer());

        // then
        refused(ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void shouldRefuseAKeyForAnotherHub() {
        // given
        var key = key(Parties.BUILDER.address(), 0, Long.MAX_VALUE / 2);

        // when
        agent.hello(key, provider.wallet().sign(key.digest(Parties.DOMAIN)), provider.offer());

        // then
        refused(ErrorCode.WRONG_HUB);
    }

    @Test
    void shouldRefuseAnExpiredKey() {
        // given
        var key = key(Parties.HUB.address(), 0, Instant.now().getEpochSecond() - 1);

        // when
        agent.hello(key, provider.wallet().sign(key.digest(Parties.DOMAIN)), provider.offer());

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldRefuseWhoDoesNotHoldTheKey() {
        // given
        var other = SampleProvider.of("somebody-else");

        // when
        agent.hello(other.sessionKey(), other.sessionKeySignature(), provider.offer());

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldRefuseToTalkBeforeAHello() {
        // when
        agent.say(new AgentMessage.Heartbeat(List.of()));

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldExplainWhatItCannotRead() {
        // given
        agent.welcomed();

        // when
        agent.say("{\"type\":\"accept\",\"ref\":1}");

        // then
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal.detail()).startsWith("Expected");
    }

    @Test
    void shouldLetANewerConnectionTakeOver() {
        // given
        agent.welcomed();

        // when
        var newer = TestAgent.connect(provider);

        // then
        assertThat(agent.closeCode()).isEqualTo(4009);
        newer.vanish();
    }

    @Test
    void shouldDeclareASilentAgentOfflineAndTakeItBack() {
        // given
        agent.welcomed();

        // when
        agent.vanish();

        // then
        Await.until(Log.SOON, () -> facts(ProviderOffline.class).size() == 1, () -> "not declared offline");
        agent = TestAgent.connect(provider);
        assertThat(facts(ProviderOnline.class)).hasSize(2);
    }

    @Test
    void shouldKeepAnAgentOnlineThatBeats() throws InterruptedException {
        // given
        agent.hello();
        agent.next(HubMessage.Welcome.class);

        // when: for longer than the silence after which it would be gone
        for (int i = 0; i < 16; i++) {
            agent.say(new AgentMessage.Heartbeat(List.of()));
            Thread.sleep(500);
        }

        // then
        assertThat(facts(ProviderOffline.class)).isEmpty();
    }

    @Test
    void shouldDeclareAnAgentOfflineAtOnceWhenItSaysGoodbye() {
        // given
        agent.welcomed();

        // when
        agent.close();

        // then
        Await.until(Log.SOON, () -> facts(ProviderOffline.class).size() == 1, () -> "not declared offline");
        assertThat(facts(ProviderOffline.class))
                .as("not for its silence")
                .extracting(ProviderOffline::reason)
                .containsExactly("the agent said goodbye");
    }

    @Test
    void shouldHearTheOpeningOfTheLongestJob() {
        // given
        agent.welcomed();
        var id = ContentId.of(Digest.ZERO);
        var segments = IntStream.rangeClosed(1, SpecLimits.BORDERS)
                .mapToObj(border -> new SegmentHashes(border, id, id, id, id))
                .toList();
        var ref = UUID.randomUUID();

        // when
        agent.say(new AgentMessage.Reveal(
                ref,
                Ids.jobId(),
                Digest.ZERO,
                SpecLimits.BORDERS,
                new Opening(Digest.ZERO, SpecLimits.BORDERS, Digest.ZERO, Digest.ZERO),
                segments,
                id,
                id));

        // then: it belongs to nothing, which is said of it alone
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.ref()).isEqualTo(ref);
        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_ASSIGNED);
    }

    @Test
    void shouldHangUpOnAStrangerThatSendsMoreThanAHello() {
        // when: pieces of one message, which nobody sees before it is whole
        boolean heard = true;
        for (int i = 0; heard && i < 12; i++) {
            heard = agent.sayPart(" ".repeat(64 << 10));
        }

        // then: long before its hello is late
        assertThat(agent.ends(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void shouldTakeOnlySoManyStrangersOfOneAddress() {
        // given
        var strangers = new ArrayList<TestAgent>();
        for (int i = 1; i < 64; i++) {
            strangers.add(TestAgent.dial(provider));
        }
        agent.next(HubMessage.Challenge.class);
        strangers.forEach(each -> each.next(HubMessage.Challenge.class));

        // when
        var last = TestAgent.dial(provider);

        // then: whoever has waited longest goes for it, and nobody else
        last.hello();
        last.next(HubMessage.Welcome.class);
        assertThat(agent.closeCode()).isEqualTo(1013);
        assertThat(strangers).noneMatch(each -> each.ends(Duration.ZERO));
        var room = TestAgent.dial(provider);
        assertThat(room.challenged()).isTrue();
        assertThat(strangers).noneMatch(each -> each.ends(Duration.ZERO));
        strangers.forEach(TestAgent::vanish);
        last.vanish();
        room.vanish();
    }

    private void refused(ErrorCode code) {
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.detail()).startsWith("Expected");
        assertThat(agent.closeCode()).isEqualTo(4003);
        assertThat(facts(ProviderOnline.class)).isEmpty();
    }

    private SessionKey key(io.perigee.protocol.id.Address hub, long notBefore, long expiresAt) {
        return new SessionKey(
                provider.address(), provider.id(), provider.session().address(), hub, 1, notBefore, expiresAt);
    }

    private <T> List<T> facts(Class<T> type) {
        return facts(provider.id(), type);
    }

    private static <T> List<T> facts(ProviderId provider, Class<T> type) {
        return Log.outbox(provider.value()).stream()
                .map(Envelope::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** All pages of that size. */
    private static List<ProviderView> providers(int size) {
        var all = new ArrayList<ProviderView>();
        String cursor = null;
        do {
            var asked = RestAssured.given().queryParam("limit", size);
            var page = Door.read(
                    (cursor == null ? asked : asked.queryParam("cursor", cursor)).get("/api/v1/providers"),
                    ProviderPage.class);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            all.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null && all.size() < 10_000);
        return all;
    }
}
