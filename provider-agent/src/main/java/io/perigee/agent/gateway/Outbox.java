package io.perigee.agent.gateway;

import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages the hub must get, one synced file each, until it acks them. A message put twice (same ref) is kept once, in
 * its first place; so putting again after a restart is harmless.
 *
 * <p>Bounded: when full, {@link #put} refuses rather than the disk filling up, and whoever speaks says it again later.
 */
public final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final String SUFFIX = ".json";
    private static final String UNREADABLE = ".unreadable";

    private final Path directory;
    private final int capacity;
    private final TreeMap<Long, AgentMessage> messages = new TreeMap<>();
    private final Map<UUID, Long> places = new HashMap<>();
    private final Map<UUID, Integer> sizes = new HashMap<>();
    private long next;

    /** As many messages wait for the hub as may. */
    public static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Full(String message) {
            super(message);
        }
    }

    private Outbox(Path directory, int capacity) {
        this.directory = directory;
        this.capacity = capacity;
    }

    /** Opens the outbox and reads what an earlier life left in it. */
    public static Outbox open(Path directory, int capacity) throws IOException {
        var outbox = new Outbox(directory, capacity);
        var files = new ArrayList<Path>();
        try (var listing = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            listing.forEach(files::add);
        }
        for (var file : files) {
            outbox.readBack(file);
        }
        return outbox;
    }

    private void readBack(Path file) throws IOException {
        var name = file.getFileName().toString();
        if (name.startsWith(".")) {
            return;
        }
        try {
            long place = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
            next = Math.max(next, place + 1);
            var bytes = Files.readAllBytes(file);
            keep(place, Json.read(bytes, AgentMessage.class), bytes.length);
        } catch (InvalidValue | NumberFormatException e) {
            // its attempt says it again; the others must not wait for it
            LOG.error("Message for the hub not readable; set aside file={}{}", file, UNREADABLE, e);
            Files.move(file, file.resolveSibling(name + UNREADABLE), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Stores the message; when this returns, it survives a crash.
     *
     * @return whether it was new
     */
    public synchronized boolean put(AgentMessage message) {
        var ref = ref(message);
        if (places.containsKey(ref)) {
            return false;
        }
        if (messages.size() >= capacity) {
            throw new Full("Expected at most %d messages to wait for the hub, but there are more".formatted(capacity));
        }
        long place = next++;
        var bytes = Json.bytes(message);
        try {
            DurableFiles.write(file(place), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to store a message for the hub, but could not", e);
        }
        keep(place, message, bytes.length);
        return true;
    }

    private void keep(long place, AgentMessage message, int bytes) {
        messages.put(place, message);
        places.put(ref(message), place);
        sizes.put(ref(message), bytes);
    }

    /** Forgets an acked (or finally refused) message. */
    public synchronized void remove(UUID ref) {
        var place = places.remove(ref);
        if (place == null) {
            return;
        }
        messages.remove(place);
        sizes.remove(ref);
        try {
            DurableFiles.delete(file(place));
        } catch (IOException e) {
            // It is sent again after a restart, which the hub takes as a repetition.
            LOG.warn("Could not delete an acked message file={}", file(place), e);
        }
    }

    /** Forgets all messages about an assignment. */
    public synchronized void drop(Digest assignmentHash) {
        waiting().stream()
                .filter(message ->
                        Subject.of(message).filter(assignmentHash::equals).isPresent())
                .forEach(message -> remove(ref(message)));
    }

    /**
     * The oldest unacked messages, in order: so many at most, and so many bytes, but one in any case. Who sends more before it
     * hears of them is cut off.
     */
    synchronized List<AgentMessage> oldest(int most, long mostBytes) {
        var oldest = new ArrayList<AgentMessage>();
        long bytes = 0;
        for (var message : messages.values()) {
            bytes += sizes.getOrDefault(ref(message), 0);
            if (oldest.size() == most || !oldest.isEmpty() && bytes > mostBytes) {
                break;
            }
            oldest.add(message);
        }
        return oldest;
    }

    /** All unacked messages, oldest first. */
    public synchronized List<AgentMessage> waiting() {
        return List.copyOf(messages.values());
    }

    public synchronized boolean isEmpty() {
        return messages.isEmpty();
    }

    private Path file(long place) {
        return directory.resolve("%019d%s".formatted(place, SUFFIX));
    }

    /** The ref of a message that is acked; the others are never stored. */
    static UUID ref(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Accept m -> m.ref();
            case AgentMessage.Decline m -> m.ref();
            case AgentMessage.Commit m -> m.ref();
            case AgentMessage.Reveal m -> m.ref();
            case AgentMessage.Checkpoint m -> m.ref();
            case AgentMessage.VerdictSigned m -> m.ref();
            case AgentMessage.VerdictRefused m -> m.ref();
            case AgentMessage.Failed m -> m.ref();
            case AgentMessage.Hello _, AgentMessage.OfferChanged _, AgentMessage.Heartbeat _, AgentMessage.Progress _ ->
                throw new IllegalArgumentException("Expected a message with a ref, but it has none");
        };
    }
}
