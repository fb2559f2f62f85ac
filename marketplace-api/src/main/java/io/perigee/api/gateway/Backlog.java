package io.perigee.api.gateway;

/**
 * How much of what an agent said waits to be heard. Messages are counted elsewhere; a few hundred of the largest would be a
 * quarter of a gigabyte, which nobody may leave here who has not said who it is.
 */
final class Backlog {
    /** A hello with the largest offer is half of it. */
    static final int OF_A_STRANGER = 256 << 10;
    /** What the shipped agent sends unanswered, and half of that. */
    static final int OF_AN_AGENT = 24 << 20;

    private final Backlogs all;
    private final Runnable cutOff;
    /** This and {@link #over} are changed by {@link Backlogs} alone, under its lock. */
    private long waiting;

    private boolean over;
    private volatile int most = OF_A_STRANGER;

    /** @param cutOff called, by whoever says something, when this one has to make room */
    Backlog(Backlogs all, Runnable cutOff) {
        this.all = all;
        this.cutOff = cutOff;
    }

    /** Whether this may wait, too; when it may not, nothing more is heard. */
    boolean takes(String text) {
        return all.take(this, text.length());
    }

    /** It has been worked on. */
    void heard(String text) {
        all.giveBack(this, text.length());
    }

    /** A signature said who it is. */
    void known() {
        most = OF_AN_AGENT;
    }

    /** Nothing more is heard. */
    void close() {
        all.end(this);
    }

    void cutOff() {
        cutOff.run();
    }

    long waiting() {
        return waiting;
    }

    boolean isOver() {
        return over;
    }

    /** Whether it is not too much. */
    boolean add(int length) {
        waiting += length;
        return waiting <= most;
    }

    /** Whether nothing is left. */
    boolean remove(int length) {
        waiting -= length;
        return waiting == 0;
    }

    void end() {
        over = true;
        waiting = 0;
    }
}
