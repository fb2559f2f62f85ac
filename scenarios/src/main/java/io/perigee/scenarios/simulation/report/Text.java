package io.perigee.scenarios.simulation.report;

import io.perigee.scenarios.simulation.Simulation;
import java.util.List;
import java.util.Locale;

/** The table in Markdown, which reads well on a terminal too. */
public final class Text {
    private static final String HEADER = """
            | # | strategy | share | tries | found at once | gain per try | stolen per identity | wrong at 100 jobs an owner \
            | honest slashed / unpaid | replication known / new | BOINC gain / wrong / replication | PoCo gain / wrong / replication |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            """;

    private Text() {}

    public static String table(List<Row> rows) {
        var text = new StringBuilder(HEADER);
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(Row row) {
        var tally = row.tally();
        return String.format(
                Locale.ROOT,
                "| %d | %s | %.0f %% | %d | %s | %s | %.3f | %.1e | %d / %d | %.3f / %.3f | %s | %s |%n",
                row.strategy().number(),
                row.strategy().words(),
                100 * row.share(),
                tally.cheats,
                Double.isNaN(tally.detection()) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * tally.detection()),
                number(tally.gainPerCheat()),
                tally.stolenPerIdentity(),
                tally.wrongAfter(Simulation.HORIZON, row.share()),
                tally.honestSlashed,
                tally.honestUnpaid,
                tally.replicationOfKnown(),
                tally.replicationOfNew(),
                peer(
                        row,
                        row.boinc().gainPerCheat(),
                        row.boinc().wrong(),
                        row.boinc().replication()),
                peer(
                        row,
                        row.poco().gainPerCheat(),
                        row.poco().wrong(),
                        row.poco().replication()));
    }

    private static String peer(Row row, double gain, double wrong, double replication) {
        return row.isForged() ? String.format(Locale.ROOT, "%s / %.1e / %.2f", number(gain), wrong, replication) : "–";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%+.3f", value);
    }
}
