package io.perigee.cli.view;

import io.perigee.protocol.rest.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows a job while it lives. A person's terminal gets one picture that is drawn again in place, ten times a second at
 * most; anything else gets a line for each thing that happens. Used by {@code perigee watch} and by the demo. Not safe
 * for several threads, except that {@link #tick} may be called from another one.
 */
public final class LiveView implements AutoCloseable {
    private static final Duration FRAME = Duration.ofMillis(100);
    private static final int PLOT_ROWS = 5;

    private final Terminal terminal;
    private final InstantSource clock;
    private final Ink ink;
    private final JobStory story;
    private final boolean redraw;
    private int drawn;
    private Instant lastFrame = Instant.MIN;
    private boolean closed;

    public LiveView(Terminal terminal, InstantSource clock, JobStory.Money money) {
        this.terminal = terminal;
        this.clock = clock;
        this.ink = new Ink(terminal);
        this.story = new JobStory(money);
        this.redraw = terminal.interactive() && terminal.height() >= 30;
    }

    /** Takes in an event and shows it. */
    public synchronized void show(JobEvent event) {
        var lines = story.apply(event);
        if (redraw) {
            frame(false);
            return;
        }
        for (var line : lines) {
            var since = Duration.between(story.began().orElse(line.at()), line.at());
            terminal.out()
                    .println(ink.cut(
                            ink.plain("  %s  %s %s"
                                    .formatted(
                                            Ink.padLeft("+" + Words.duration(since), 9),
                                            Ink.pad(line.label(), 10),
                                            line.text())),
                            200));
        }
        terminal.out().flush();
    }

    /** Lets the clocks of the picture run on while nothing happens. */
    public synchronized void tick() {
        if (redraw && !closed) {
            frame(false);
        }
    }

    public JobStory story() {
        return story;
    }

    /** Draws the last picture and leaves it standing. */
    @Override
    public synchronized void close() {
        if (redraw && !closed) {
            frame(true);
        }
        closed = true;
    }

    private void frame(boolean force) {
        var now = clock.instant();
        if (!force
                && Duration.between(lastFrame.equals(Instant.MIN) ? Instant.EPOCH : lastFrame, now)
                                .compareTo(FRAME)
                        < 0) {
            return;
        }
        lastFrame = now;
        var picture = picture(now);
        var out = new StringBuilder();
        if (drawn > 0) {
            out.append("\u001B[").append(drawn).append('A');
        }
        for (var line : picture) {
            out.append("\r\u001B[2K")
                    .append(ink.cut(ink.plain(line), terminal.width() - 1))
                    .append('\n');
        }
        out.append("\u001B[J");
        drawn = picture.size();
        terminal.out().print(out);
        terminal.out().flush();
    }

    /** The whole picture; also what a test looks at. */
    List<String> picture(Instant now) {
        var end = story.over() ? story.latest().orElse(now) : now;
        var lines = new ArrayList<String>();
        lines.add("");
        for (var line : story.stages()) {
            lines.add(stage(line, end));
            if (line.stage() == Stage.TRAINED && line.mark() != StageLine.Mark.WAITING) {
                story.replicas().forEach(replica -> lines.add(replica(replica)));
                lines.addAll(plot());
            }
        }
        for (var note : story.notes()) {
            lines.add("  " + ink.notice() + " " + note);
        }
        lines.add("");
        return lines;
    }

    private String stage(StageLine line, Instant now) {
        var sign =
                switch (line.mark()) {
                    case WAITING -> ink.waiting();
                    case ACTIVE -> ink.active();
                    case DONE -> ink.done();
                    case FAILED -> ink.failed();
                };
        var took = line.took(now);
        var label = Ink.pad(line.stage().label(), 10);
        var name =
                switch (line.mark()) {
                    case WAITING -> ink.dim(label);
                    case ACTIVE -> ink.bold(label);
                    case DONE, FAILED -> label;
                };
        return "  %s %s %s  %s"
                .formatted(sign, name, ink.dim(Ink.padLeft(took == null ? "" : Words.duration(took), 8)), line.detail())
                .stripTrailing();
    }

    private String replica(Replica replica) {
        int width = Math.clamp(terminal.width() - 78, 10, 30);
        var progress = replica.latest();
        var loss = progress == null || progress.loss() == null ? "" : "loss " + Words.loss(progress.loss());
        var speed = progress == null || progress.tokensPerSecond() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.0f tok/s",
                        progress.tokensPerSecond().number().doubleValue());
        return "      replica %d %s %s %s  %s  %s %s"
                .formatted(
                        replica.attempt(),
                        ink.dim(Words.brief(replica.owner())),
                        Bar.of(ink, replica.step(), replica.steps(), width),
                        Ink.padLeft("%d/%d".formatted(replica.step(), replica.steps()), 7),
                        Ink.pad(loss, 11),
                        Ink.padLeft(speed, 11),
                        standing(replica));
    }

    private String standing(Replica replica) {
        var word = Words.lower(replica.state());
        return switch (replica.state()) {
            case ASSIGNED -> ink.dim("starting");
            case RUNNING -> eta(replica);
            case COMMITTED, REVEALED -> ink.accent(word);
            case VERIFIED -> ink.good(word);
            case REJECTED, FAILED -> ink.bad(word);
            case LOST, YIELDED, DECLINED, CANCELLED -> ink.warn(word);
        };
    }

    private String eta(Replica replica) {
        var progress = replica.latest();
        if (progress == null) {
            return ink.dim("starting");
        }
        if (replica.step() >= replica.steps()) {
            return ink.accent("sealing");
        }
        var eta = progress.etaSeconds();
        return eta == null ? "" : "ETA %d:%02d".formatted(eta / 60, eta % 60);
    }

    /** The mean loss of the steps around each. Honest replicas of one class have one curve, so one is drawn: that of the replica that is furthest. */
    private List<String> plot() {
        var furthest =
                story.replicas().stream().filter(Replica::live).max(java.util.Comparator.comparingInt(Replica::step));
        if (furthest.isEmpty() || furthest.get().step() < 2) {
            return List.of();
        }
        var replica = furthest.get();
        var curve = LossPlot.smooth(replica.losses(), replica.steps() / 16);
        return new LossPlot(ink, Math.clamp(terminal.width() - 34, 20, 64), PLOT_ROWS)
                .lines(curve, replica.steps(), "      ");
    }
}
