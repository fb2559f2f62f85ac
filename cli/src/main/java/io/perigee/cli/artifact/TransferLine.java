package io.perigee.cli.artifact;

import io.perigee.cli.Session;
import io.perigee.cli.view.Bar;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Words;
import io.perigee.client.TransferListener;

/** One line about a transfer, drawn over itself while it goes. */
public final class TransferLine implements TransferListener, AutoCloseable {
    private final Session session;
    private final String what;
    private long files;
    private long skipped;
    private long total;
    private String last = "";
    private boolean drawn;

    public TransferLine(Session session, String what) {
        this.session = session;
        this.what = what;
    }

    @Override
    public void moved(String path, long done, long all, boolean already) {
        total = all;
        if (!path.equals(last)) {
            last = path;
            files++;
        }
        skipped += already ? 1 : 0;
        if (session.terminal().interactive() && !session.json()) {
            drawn = true;
            var ink = session.ink();
            var line = "  %s %s %s %s  %s"
                    .formatted(
                            ink.active(),
                            Ink.pad(what, 10),
                            Bar.of(ink, done, all, 24),
                            Words.bytes(done),
                            ink.dim(path));
            session.terminal()
                    .out()
                    .print("\r\u001B[2K" + ink.cut(line, session.terminal().width() - 1));
            session.terminal().out().flush();
        }
    }

    /** Takes away what was drawn; what did not end leaves no word that it did. */
    @Override
    public void close() {
        if (drawn) {
            session.terminal().out().print("\r\u001B[2K");
            session.terminal().out().flush();
        }
        drawn = false;
    }

    /** All is there: the last word, which stays. */
    public void done() {
        close();
        var there = skipped == 0 ? "" : skipped == files ? ", there already" : ", %d there already".formatted(skipped);
        session.say("  %s %s %s in %d %s%s"
                .formatted(
                        session.ink().done(),
                        Ink.pad(what, 10),
                        Words.bytes(total),
                        files,
                        files == 1 ? "file" : "files",
                        there));
    }
}
