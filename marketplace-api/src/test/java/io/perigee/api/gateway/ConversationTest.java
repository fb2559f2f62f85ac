package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.session.Origins;
import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.SampleSettings;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.offer.Offer;
import io.perigee.testkit.Ids;
import io.perigee.testkit.TestClock;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent's line does while the database is away, or has very much to say. */
class ConversationTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Origin HERE = Origin.parse("https://hub.example.org");
    private static final String NONCE = "11".repeat(32);

    private final SampleProvider provider = SampleProvider.of("talker");
    private final FakeBook book = new FakeBook();
    private final Heard wire = new Heard();
    private final TestClock clock = TestClock.at(Instant.now());
    private Switchboard board;
    private Conversation conversation;
    private Thread thread;

    @BeforeEach
    void connect() {
        var settings =
                SampleSettings.of("perigee.api.limits.unheard", "300K", "perigee.api.limits.reports-per-minute", "5");
        board = new Switchboard(
                book,
                new Pulse(book, settings, clock),
                _ -> Optional.empty(),
                new HubFacts(settings),
                Origins.of(HERE),
                settings,
                new RateLimits(),
                clock);
        conversation = new Conversation(wire, board, UUID.randomUUID(), NONCE, "token", "trace");
        thread = Thread.ofVirtual().start(conversation);
    }

    @AfterEach
    void hangUp() throws InterruptedException {
        conversation.gone(false);
        thread.join();
    }

    @Test
    void shouldLookAgainWhereTheDatabaseWasAway() {
        // given
        book.away.set(2);
        book.open.add(new AgentBook.Delivery(1, true, "work"));

        // when
        logIn();
        conversation.look();

        // then
        Await.until(SOON, () -> wire.texts.contains("work"), () -> "not told: " + wire.texts);
        assertThat(wire.codes).as("close codes").isEmpty();
    }

    @Test
    void shouldStoreAnOfferThatCameWhileTheDatabaseWasAway() {
        // given
        logIn();
        Await.until(SOON, () -> wire.texts.size() == 2, () -> "not welcome: " + wire.texts);
        book.away.set(1);
        var changed = SampleProvider.of("talker").asking(7).offer();

        // when: the agent says it once
        conversation.said(Json.text(new AgentMessage.OfferChanged(changed)));

        // then
        Await.until(SOON, () -> book.offers.contains(changed), () -> "the offer is lost");
        assertThat(wire.texts).noneMatch(text -> text.contains("\"error\""));
    }

    @Test
    void shouldStoreTheLastOfOffersThatChangeTooOften() {
        // given
        logIn();
        Await.until(SOON, () -> wire.texts.size() == 2, () -> "not welcome: " + wire.texts);

        // when
        for (int price = 1; price <= 200; price++) {
            conversation.said(Json.text(new AgentMessage.OfferChanged(asking(price))));
        }
        conversation.said(decline());
        Await.until(SOON, () -> wire.texts.size() == 3, () -> "not heard to the end: " + wire.texts);
        int before = book.offers.size();
        clock.advance(Duration.ofMinutes(1));

        // then
        Await.until(SOON, () -> book.offers.contains(asking(200)), () -> "the last offer is lost");
        assertThat(before).isEqualTo(60);
        assertThat(book.offers).hasSize(61);
        assertThat(wire.texts).noneMatch(text -> text.contains("\"error\""));
        assertThat(wire.codes).as("close codes").isEmpty();
    }

    @Test
    void shouldRefuseReportsThatComeTooFastToComeAgain() {
        // given
        logIn();

        // when
        for (int i = 0; i < 6; i++) {
            conversation.said(decline());
        }

        // then
        Await.until(SOON, () -> wire.texts.size() == 2 + 6, () -> "heard only " + wire.texts);
        assertThat(wire.texts.subList(2, 7)).allMatch(text -> text.contains("\"ack\""));
        assertThat(wire.texts.getLast()).contains("RATE_LIMITED", "\"retryable\":true");
    }

    @Test
    void shouldCutOffTheOneOfWhichMostWaitsWhereThereIsNoRoom() throws InterruptedException {
        // given: one that is not heard for a while
        var far = new Heard();
        var unheard = new Conversation(far, board, UUID.randomUUID(), NONCE, "token", "trace");
        unheard.said(" ".repeat(200_000));
        var busy = new Conversation(new Heard(), board, UUID.randomUUID(), NONCE, "token", "trace");

        // when
        boolean taken = busy.said(" ".repeat(150_000));
        Thread.ofVirtual().start(unheard).join();

        // then
        assertThat(taken).isTrue();
        assertThat(far.codes).containsExactly(Conversation.CLOSE_OVERFLOW);
    }

    @Test
    void shouldSayAllThatIsOpenAndNothingTwice() {
        // given: more than a page, and more than is remembered
        for (int id = 1; id <= 9_000; id++) {
            book.open.add(new AgentBook.Delivery(id, false, "end " + id));
        }
        book.open.add(new AgentBook.Delivery(9_001, true, "work"));

        // when
        logIn();
        Await.until(SOON, () -> wire.texts.size() >= 9_003, () -> "only " + wire.texts.size());
        book.open.add(new AgentBook.Delivery(9_002, false, "end 9002"));
        conversation.look();
        Await.until(SOON, () -> wire.texts.contains("end 9002"), () -> "the last is not said");

        // then
        assertThat(wire.texts).hasSize(2 + 9_002).doesNotHaveDuplicates();
    }

    private static String decline() {
        return Json.text(new AgentMessage.Decline(UUID.randomUUID(), Ids.jobId(), Digest.ZERO, "Expected …, but …"));
    }

    private static Offer asking(long price) {
        return SampleProvider.of("talker").asking(price).offer();
    }

    private void logIn() {
        var nonce = provider.session().signMessage(AgentLogin.message(HERE, Parties.HUB.address(), NONCE));
        conversation.said(Json.text(new AgentMessage.Hello(
                "test", HERE, provider.sessionKey(), provider.sessionKeySignature(), nonce, provider.offer())));
    }

    /** What the agent hears. */
    private static final class Heard implements Conversation.Wire {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final List<Integer> codes = new CopyOnWriteArrayList<>();

        @Override
        public void known() {}

        @Override
        public void greeted() {}

        @Override
        public void send(String text) {
            texts.add(text);
        }

        @Override
        public void close(int code, String reason) {
            codes.add(code);
        }
    }
}
