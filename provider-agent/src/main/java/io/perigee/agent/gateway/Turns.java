package io.perigee.agent.gateway;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Which of the waiting messages are to be sent now: what was not sent in this conversation, or got no answer, oldest first. What
 * the hub could not take holds up what comes after it about the same assignment, since an earlier word that is heard after a
 * later one says nothing any more. Not thread-safe; instants are of {@link System#nanoTime}.
 */
final class Turns {
    /** What a hub cannot take for so long is its fault; the words after it may matter more. */
    private static final Duration LONGEST_HELD = Duration.ofMinutes(2);

    private final Duration answer;
    private final Map<UUID, Long> sentAt = new HashMap<>();
    private final Map<UUID, Long> refusedAt = new HashMap<>();

    /** @param answer how long a message may stay without ack before it is sent again */
    Turns(Duration answer) {
        this.answer = answer;
    }

    /** Nothing was sent yet in this conversation. */
    void begin() {
        sentAt.clear();
    }

    /** The hub could not take it just now. */
    void refused(UUID ref, long now) {
        refusedAt.putIfAbsent(ref, now);
    }

    /** It may be sent again. */
    void again(UUID ref) {
        sentAt.remove(ref);
    }

    /**
     * Those whose turn it is; they count as sent.
     *
     * @param waiting all that wait for an ack
     * @param oldest as many of them as may be without an answer, in order
     */
    List<AgentMessage> next(Collection<AgentMessage> waiting, List<AgentMessage> oldest, long now) {
        var refs = waiting.stream().map(Outbox::ref).collect(Collectors.toSet());
        sentAt.keySet().retainAll(refs);
        refusedAt.keySet().retainAll(refs);
        var held = new HashSet<Digest>();
        var next = new ArrayList<AgentMessage>();
        for (var message : oldest) {
            var ref = Outbox.ref(message);
            var subject = Subject.of(message);
            if (subject.filter(held::contains).isPresent()) {
                continue;
            }
            var before = sentAt.get(ref);
            if (before == null || now - before > answer.toNanos()) {
                sentAt.put(ref, now);
                next.add(message);
            }
            var refused = refusedAt.get(ref);
            if (refused != null && now - refused < LONGEST_HELD.toNanos()) {
                subject.ifPresent(held::add);
            }
        }
        return next;
    }
}
