package io.perigee.client;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The events of one job, in order and without gaps, however often the connection breaks. */
public final class JobEvents {
    /** How long a hub that was there may be away. */
    private static final Duration RESTART = Duration.ofMinutes(10);

    private static final int WAITING = 256;
    private static final int MAX_LINE = 1 << 20;

    private final Transport transport;
    private final JobId job;

    JobEvents(Transport transport, JobId job) {
        this.transport = transport;
        this.job = job;
    }

    /**
     * Hands events over until the handler has had enough or time is up. A connection that breaks or falls silent is opened
     * again after the last event that was handled.
     *
     * @param after the last sequence number already known; 0 for all
     * @param limit how long to follow at most
     * @param wanted called on this thread for each event; false ends the following
     * @return the sequence number to continue after
     * @throws ApiException when the hub refuses, cannot be reached at the start, or is away for ten minutes
     */
    public long follow(long after, Duration limit, Predicate<JobEvent> wanted) {
        long end = System.nanoTime() + limit.toNanos();
        long last = after;
        int failures = 0;
        boolean met = false;
        long heard = System.nanoTime();
        while (System.nanoTime() < end) {
            try (var stream = open(last)) {
                while (true) {
                    long left = Math.min(transport.settings().idleTimeout().toNanos(), end - System.nanoTime());
                    var next = stream.next(Math.max(left, 0));
                    if (next.isEmpty()) {
                        break;
                    }
                    failures = 0;
                    met = true;
                    heard = System.nanoTime();
                    if (next.get() instanceof Line.Event(var event)) {
                        last = Math.max(last, event.seq());
                        if (!wanted.test(event)) {
                            return last;
                        }
                    }
                }
            } catch (ApiException e) {
                failures++;
                // a hub that answered before is being restarted; one that never did is at another address
                boolean over = met
                        ? System.nanoTime() - heard > RESTART.toNanos()
                        : failures >= transport.settings().attempts();
                if (over || !e.problem().retryable()) {
                    throw e;
                }
            }
            if (System.nanoTime() < end) {
                transport.rest(Math.max(failures, 1));
            }
        }
        return last;
    }

    private Stream open(long after) {
        var headers = new HashMap<String, String>();
        headers.put("Accept", "text/event-stream");
        if (after > 0) {
            headers.put("Last-Event-ID", Long.toString(after));
        }
        return new Stream(transport
                .send(transport.request("/jobs/" + job + "/events", headers, "GET", null), false)
                .body());
    }

    /** What came over the wire: an event, a sign of life, or the end. */
    private sealed interface Line {
        record Event(JobEvent event) implements Line {}

        record Alive() implements Line {}

        record End() implements Line {}
    }

    /** One connection. A thread of its own reads it, because a blocking read has no time limit. */
    private static final class Stream implements AutoCloseable {
        private final InputStream body;
        private final ArrayBlockingQueue<Line> lines = new ArrayBlockingQueue<>(WAITING);
        private final Thread reader;

        Stream(InputStream body) {
            this.body = body;
            this.reader = Thread.ofVirtual().name("perigee-events").start(this::read);
        }

        /** The next line within so many nanoseconds; empty when the connection ended or was silent for so long. */
        Optional<Line> next(long nanos) {
            try {
                var line = lines.poll(nanos, TimeUnit.NANOSECONDS);
                return line == null || line instanceof Line.End ? Optional.empty() : Optional.of(line);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        private void read() {
            try (var in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                var data = new StringBuilder();
                for (var line = line(in); line != null; line = line(in)) {
                    if (line.isEmpty()) {
                        dispatch(data);
                    } else if (line.startsWith("data:") && data.length() + line.length() < MAX_LINE) {
                        data.append(line, line.startsWith("data: ") ? 6 : 5, line.length())
                                .append('\n');
                    } else if (line.startsWith(":")) {
                        lines.put(new Line.Alive());
                    }
                }
            } catch (IOException _) {
                // the end of this connection, whatever its reason; the follower opens the next
            } catch (InterruptedException _) {
                return;
            }
            end();
        }

        private void end() {
            try {
                lines.put(new Line.End());
            } catch (InterruptedException _) {
                // nobody waits for it any more
            }
        }

        /** A line, or as much of it as a hub may make a client keep; null at the end. */
        private static @Nullable String line(BufferedReader in) throws IOException {
            var line = new StringBuilder();
            int c = in.read();
            if (c < 0) {
                return null;
            }
            for (; c >= 0 && c != '\n'; c = in.read()) {
                if (c != '\r' && line.length() < MAX_LINE) {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        private void dispatch(StringBuilder data) throws InterruptedException {
            if (data.isEmpty()) {
                return;
            }
            var json = data.toString();
            data.setLength(0);
            try {
                lines.put(new Line.Event(Json.read(json, JobEvent.class)));
            } catch (InvalidValue _) {
                // an event of a newer hub that this release cannot read
                lines.put(new Line.Alive());
            }
        }

        @Override
        public void close() {
            reader.interrupt();
            try {
                body.close();
            } catch (IOException _) {
                // closing what is broken
            }
        }
    }
}
