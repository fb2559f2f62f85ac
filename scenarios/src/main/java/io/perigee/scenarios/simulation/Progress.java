package io.perigee.scenarios.simulation;

import java.time.Duration;
import java.util.function.IntConsumer;

/** How far a long run is: a bar where somebody looks on, else a line for every tenth. */
final class Progress implements IntConsumer {
    private static final int WIDTH = 40;
    private static final int TENTHS = 10;

    private final int all;
    private final boolean isWatched =
            System.console() != null && System.console().isTerminal();
    private final long began = System.nanoTime();
    private int tenths;

    Progress(int all) {
        this.all = all;
    }

    @Override
    public void accept(int done) {
        var words = "%d of %d worlds, %s".formatted(done, all, left(done));
        if (isWatched) {
            int filled = (int) ((long) WIDTH * done / all);
            System.err.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + words + "   "
                    + (done == all ? "\n" : ""));
        } else if (done < all && (long) TENTHS * done / all > tenths) {
            tenths = (int) ((long) TENTHS * done / all);
            System.err.println(words);
        }
    }

    private String left(int done) {
        long spent = System.nanoTime() - began;
        return "about %d s left"
                .formatted(Duration.ofNanos((long) ((double) spent * (all - done) / done))
                        .toSeconds());
    }
}
