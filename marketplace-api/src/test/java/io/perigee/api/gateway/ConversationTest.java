package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.settings.SampleSettings;
import io.perigee.eventlog.TryLater;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent's line does while the database is away, or has very much to say. */
class ConversationTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NONCE = "11".repeat(32);

    private final SampleProvider provider = SampleProvider.of("talker");
    private final Book book = new Book();
    private final Heard wire = new Heard();
    private Conversation conversation;
    private Thread thread;

    @BeforeEach
    void connect() {
        var settings = SampleSettings.of();
        var clock = Clock.systemUTC();
        var board = new Switchboard(
                book,
                new Pulse(book, settings, clock),
                _ -> Optional.empty(),
                new HubFacts(settings),
                settings,
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

    private void logIn() {
        var nonce = provider.session().signMessage(AgentLogin.message(Parties.HUB.address(), NONCE));
        conversation.said(Json.text(new AgentMessage.Hello(
                "test", provider.sessionKey(), provider.sessionKeySignature(), nonce, provider.offer())));
    }

    /** What the agent hears. */
    private static final class Heard implements Conversation.Wire {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final List<Integer> codes = new CopyOnWriteArrayList<>();

        @Override
        public void known() {}

        @Override
        public void send(String text) {
            texts.add(text);
        }

        @Override
        public void close(int code, String reason) {
            codes.add(code);
        }
    }

    /** A book of one provider that is away as often as it is told. */
    private static final class Book implements AgentBook {
        private static final int PAGE = 1_000;

        private final AtomicInteger away = new AtomicInteger();
        private final List<Delivery> open = new CopyOnWriteArrayList<>();
        private final List<Offer> offers = new CopyOnWriteArrayList<>();

        private void mayBeAway() {
            if (away.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new TryLater("away");
            }
        }

        @Override
        public Optional<Rejected> logIn(
                Line line,
                AgentMessage.Hello hello,
                String tokenHash,
                Instant tokenExpiresAt,
                Instant now,
                String trace) {
            return Optional.empty();
        }

        @Override
        public boolean offer(Line line, Offer offer, Instant now, String trace) {
            mayBeAway();
            offers.add(offer);
            return true;
        }

        @Override
        public List<Beat> heard(List<Beat> beats, Instant now) {
            return List.of();
        }

        @Override
        public Optional<Open> open(Line line, Told told) {
            mayBeAway();
            var page = new ArrayList<Delivery>();
            for (var each : List.copyOf(open)) {
                boolean said = each.work()
                        ? told.work().contains(each.id())
                        : each.id() <= told.endsUpTo() || told.ends().contains(each.id());
                if (!said && page.size() < PAGE) {
                    page.add(each);
                }
            }
            return Optional.of(new Open(page, page.size() == PAGE));
        }

        @Override
        public Set<Long> stillOpen(Set<Long> deliveries) {
            return new TreeSet<>(deliveries);
        }

        @Override
        public List<Optional<Rejected>> record(List<Report> reports, Instant now) {
            return List.of();
        }

        @Override
        public void progress(ProviderId provider, AgentMessage.Progress progress, Instant now) {}

        @Override
        public void left(Line line, Instant now, String trace) {}

        @Override
        public List<ProviderId> dropSilent(Instant since, Instant now, String trace) {
            return List.of();
        }
    }
}
