package io.perigee.cli.view;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How one stage stands. */
final class StageLine {
    /** Its sign. */
    enum Mark {
        WAITING,
        ACTIVE,
        DONE,
        FAILED
    }

    private final Stage stage;
    private Mark mark = Mark.WAITING;
    private @Nullable Instant began;
    private @Nullable Instant ended;
    private String detail = "";

    StageLine(Stage stage) {
        this.stage = stage;
    }

    Stage stage() {
        return stage;
    }

    Mark mark() {
        return mark;
    }

    String detail() {
        return detail;
    }

    void say(String text) {
        detail = text;
    }

    void begin(Instant at) {
        if (mark == Mark.WAITING || mark == Mark.DONE) {
            began = mark == Mark.DONE && began != null ? began : at;
            ended = null;
            mark = Mark.ACTIVE;
        }
    }

    void finish(Instant at, String text) {
        began = began == null ? at : began;
        ended = at;
        mark = Mark.DONE;
        detail = text;
    }

    void fail(Instant at, String text) {
        finish(at, text);
        mark = Mark.FAILED;
    }

    /** How long it took, or takes until now; null before it began. */
    @Nullable
    Duration took(Instant now) {
        if (began == null) {
            return null;
        }
        return Duration.between(began, ended == null ? now : ended);
    }
}
