package io.perigee.scenarios.simulation.report;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.scenarios.simulation.Plan;
import io.perigee.scenarios.simulation.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The same rows for programs, with one hash over the hashes of all worlds. */
public final class JsonReport {
    private JsonReport() {}

    public static String of(Plan plan, List<Row> rows) {
        var lines = rows.stream().map(JsonReport::object).toList();
        return "{\"sanctions\": \"%s\", \"from\": %d, \"seeds\": %d, \"owners\": %d, \"jobsPerOwner\": %d, \"rows\": [%n%s%n]}%n"
                .formatted(
                        plan.sanctions().name().toLowerCase(Locale.ROOT),
                        plan.first(),
                        plan.seeds(),
                        plan.owners(),
                        plan.jobs(),
                        String.join(",\n", lines));
    }

    private static String object(Row row) {
        var tally = row.tally();
        return String.format(
                Locale.ROOT,
                "  {\"strategy\": %d, \"words\": \"%s\", \"share\": %.2f, \"jobs\": %d, \"finished\": %d, \"tries\": %d, "
                        + "\"detection\": %s, \"gainPerTry\": %s, \"stolenPerIdentity\": %s, \"mostStolen\": %s, "
                        + "\"wrongAt100Jobs\": %s, \"wrongAt1000Jobs\": %s, \"wrongInTheseWorlds\": %s, \"honestSlashed\": %d, "
                        + "\"honestForfeits\": %d, \"honestUnpaid\": %d, \"disputes\": %d, \"undecided\": %d, \"doubts\": %d, \"forked\": %d, \"replicationKnown\": %s, "
                        + "\"replicationNew\": %s, \"lostToCrashes\": %s, \"atCulpritsCost\": %s, \"leasesLost\": %d, \"boinc\": [%s, %s, %s], "
                        + "\"poco\": [%s, %s, %s], \"stateHash\": \"%s\"}",
                row.strategy().number(),
                row.strategy().words(),
                row.share(),
                tally.jobs,
                tally.finished,
                tally.cheats,
                number(tally.detection()),
                number(tally.gainPerCheat()),
                number(tally.stolenPerIdentity()),
                number(tally.mostStolen),
                number(tally.wrongAfter(Simulation.HORIZON, row.share())),
                number(tally.wrongAfter(1_000, row.share())),
                number(tally.wrong()),
                tally.honestSlashed,
                tally.honestForfeits,
                tally.honestUnpaid,
                tally.disputed,
                tally.undecided,
                tally.doubts,
                tally.forked,
                number(tally.replicationOfKnown()),
                number(tally.replicationOfNew()),
                number(tally.work == 0 ? 0 : tally.lost / tally.work),
                number(tally.work == 0 ? 0 : tally.atCulpritsCost / tally.work),
                tally.leasesLost,
                number(row.boinc().gainPerCheat()),
                number(row.boinc().wrong()),
                number(row.boinc().replication()),
                number(row.poco().gainPerCheat()),
                number(row.poco().wrong()),
                number(row.poco().replication()),
                Keccak256.hash(String.join("", tally.hashes).getBytes(StandardCharsets.UTF_8)));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.6g", value);
    }
}
