package io.perigee.api.gateway;

import io.perigee.api.settings.Settings;
import io.perigee.eventlog.TryLater;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * The signs of life of this process's agents. Those of a moment are stored together, because nobody waits for them: a commit
 * for each would be most of what a hub with many idle agents does.
 */
@Singleton
public final class Pulse {
    private static final Logger LOG = Logger.getLogger(Pulse.class);
    /** Of the time between two signs of life: nobody is declared silent for this. */
    private static final int SHARE = 20;

    private static final int AT_ONCE = 1_000;

    private record Heard(Conversation by, AgentBook.Beat beat) {}

    private final AgentBook book;
    private final Clock clock;
    private final Duration pause;
    private final Thread thread;
    /** Held while signs of life are stored: whoever takes a line back waits until none of it is on its way. */
    private final ReentrantLock storing = new ReentrantLock();

    private final Map<AgentBook.Line, Heard> waiting = new LinkedHashMap<>();

    Pulse(AgentBook book, Settings settings, Clock clock) {
        this.book = book;
        this.clock = clock;
        this.pause = settings.api().heartbeat().dividedBy(SHARE);
        this.thread = Thread.ofVirtual().name("pulse").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether its thread works. */
    public boolean alive() {
        return thread.isAlive();
    }

    public void close() {
        thread.interrupt();
    }

    /** An agent lives. Its conversation is told to look when the line is not its own any more. */
    void beats(Conversation by, AgentBook.Beat beat) {
        synchronized (waiting) {
            waiting.put(beat.line(), new Heard(by, beat));
        }
    }

    /** The line is over: no sign of life of it is stored from here on. */
    void forget(AgentBook.Line line) {
        storing.lock();
        try {
            synchronized (waiting) {
                waiting.remove(line);
            }
        } finally {
            storing.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(pause);
                store();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void store() {
        storing.lock();
        try {
            for (var some = some(); !some.isEmpty(); some = some()) {
                store(some);
            }
        } catch (TryLater away) {
            // the agents beat again
            LOG.warnf("signs of life are not stored: %s", away.getMessage());
        } catch (RuntimeException fault) {
            // they beat again, and nobody else hears them
            LOG.errorf(fault, "signs of life are not stored");
        } finally {
            storing.unlock();
        }
    }

    private void store(Map<AgentBook.Line, Heard> some) {
        var beats = some.values().stream().map(Heard::beat).toList();
        var lost = book.heard(beats, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        for (var beat : lost) {
            var heard = some.get(beat.line());
            if (heard != null) {
                heard.by().look();
            }
        }
    }

    private Map<AgentBook.Line, Heard> some() {
        synchronized (waiting) {
            var some = new LinkedHashMap<AgentBook.Line, Heard>();
            for (var each : List.copyOf(waiting.entrySet()).subList(0, Math.min(AT_ONCE, waiting.size()))) {
                some.put(each.getKey(), each.getValue());
            }
            waiting.keySet().removeAll(some.keySet());
            return some;
        }
    }
}
