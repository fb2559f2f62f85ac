package io.perigee.api.gateway;

import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps who is connected, what they must hear and what they said. Calls block; they are made on virtual threads and fail
 * with {@code TryLater} when the database is away.
 */
public interface AgentBook {
    /**
     * One thing a provider must hear, as the text to send.
     *
     * @param work whether the provider is to do something, or gets what it needs for that; else it is how an attempt ended
     */
    record Delivery(long id, boolean work, String text) {}

    /** Some of what is open, and whether there may be more. */
    record Open(List<Delivery> deliveries, boolean more) {
        public Open {
            deliveries = List.copyOf(deliveries);
        }
    }

    /** Who speaks on which connection. */
    record Line(ProviderId provider, UUID connection) {}

    /**
     * Makes this connection the provider's only one and tells the market that it is online.
     *
     * @param tokenHash of the token that opens artifacts to it
     * @return why it may not, if so
     */
    Optional<Rejected> logIn(
            Line line, AgentMessage.Hello hello, String tokenHash, Instant tokenExpiresAt, Instant now, String trace);

    /** Changes what is sold, if it does; false when another connection took over. */
    boolean offer(Line line, Offer offer, Instant now, String trace);

    /**
     * A sign of life.
     *
     * @param tokenHash of the token that lives as long as its agent
     */
    record Beat(Line line, String tokenHash, Instant tokenExpiresAt) {}

    /**
     * Notes signs of life, of each provider the last.
     *
     * @return those of lines that another connection took over
     */
    List<Beat> heard(List<Beat> beats, Instant now);

    /**
     * Some of what is open for the provider and was not said: work first, each kind oldest first. Empty when another
     * connection took over.
     */
    Optional<Open> open(Line line, Told told);

    /** Which of these deliveries are open still. */
    Set<Long> stillOpen(Set<Long> deliveries);

    /**
     * What an agent says that has a {@code ref}.
     *
     * @param trace of its line
     */
    record Report(ProviderId provider, AgentMessage message, String trace) {}

    /**
     * Stores reports, each as a command to its job's owner, in one commit; storing one twice is storing it once.
     *
     * @return why each is refused, if so; then nothing of it is stored
     */
    List<Optional<Rejected>> record(List<Report> reports, Instant now);

    /** Stores a progress report; dropped without a word when the attempt is not the provider's or is over. */
    void progress(ProviderId provider, AgentMessage.Progress progress, Instant now);

    /** The agent said goodbye; nothing happens when another connection took over. */
    void left(Line line, Instant now, String trace);

    /** Declares those offline that were not heard for so long by the clock of {@link #now}; returns them. */
    List<ProviderId> dropSilent(Duration silence, Instant now, String trace);

    /** By the clock that signs of life are stamped with: one for all processes, and nobody's who asks. */
    Instant now();
}
