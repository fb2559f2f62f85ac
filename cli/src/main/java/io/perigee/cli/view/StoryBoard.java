package io.perigee.cli.view;

import io.perigee.cli.view.JobStory.Line;
import io.perigee.cli.view.JobStory.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A job's stages and what was noted beside them, while its events come in. */
final class StoryBoard {
    private static final int MOST_NOTES = 6;

    private final Money money;
    private final Map<Stage, StageLine> stages = new EnumMap<>(Stage.class);
    private final List<String> notes = new ArrayList<>();

    StoryBoard(Money money) {
        this.money = money;
        for (var stage : Stage.values()) {
            stages.put(stage, new StageLine(stage));
        }
    }

    /** Every stage has its line from the start. */
    StageLine line(Stage stage) {
        return Objects.requireNonNull(stages.get(stage));
    }

    List<Line> done(Instant at, Stage stage, String text, @Nullable Stage next) {
        line(stage).finish(at, text);
        if (next != null) {
            line(next).begin(at);
        }
        return List.of(new Line(at, stage.label(), text));
    }

    List<Line> failed(Instant at, Stage stage, String text) {
        line(stage).fail(at, text);
        return List.of(new Line(at, stage.label(), text));
    }

    List<Line> note(Instant at, String text) {
        notes.add(text);
        if (notes.size() > MOST_NOTES) {
            notes.removeFirst();
        }
        return List.of(new Line(at, "notice", text));
    }

    Collection<StageLine> stages() {
        return stages.values();
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    Money money() {
        return money;
    }
}
