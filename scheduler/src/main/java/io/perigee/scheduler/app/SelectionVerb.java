package io.perigee.scheduler.app;

import io.perigee.eventlog.postgres.Database;
import io.perigee.market.matching.Recount;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.scheduler.placing.SelectionCheck;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** {@code verify-selection JOB}, for operators: reads the database, changes nothing. */
final class SelectionVerb {
    static final String NAME = "verify-selection";
    private static final int SAME = 0;
    private static final int DIFFERS = 1;
    private static final int NOT_KNOWN = 2;
    private static final int USAGE = 64;

    private SelectionVerb() {}

    /**
     * @return the exit status: 0 when every choice is the one the rules make, 1 when one is not, 2 when one cannot be
     *     recomputed, 64 when it is asked wrongly
     */
    static int run(String[] arguments, Settings settings, PrintStream out) {
        if (arguments.length != 2 || !arguments[0].equals(NAME)) {
            out.println("Usage: " + NAME + " JOB");
            return USAGE;
        }
        JobId job;
        try {
            job = JobId.parse(arguments[1]);
        } catch (InvalidValue invalid) {
            out.println(invalid.getMessage());
            return USAGE;
        }
        try (var database = new Database(settings.databaseSettings());
                var key = HubKey.open(
                        settings.scheduler(), Address.parse(settings.hub().address()))) {
            var report = new SelectionCheck(
                            database,
                            new PostgresPlacingQueue(),
                            new PostgresOfferLog(),
                            settings.policy(),
                            key.secrets())
                    .of(job);
            print(job, report, out);
            if (!report.holds()) {
                return DIFFERS;
            }
            return report.unnoted() == 0 ? SAME : NOT_KNOWN;
        }
    }

    private static void print(JobId job, SelectionCheck.Report report, PrintStream out) {
        if (report.choices().isEmpty() && report.unnoted() == 0) {
            out.printf("job %s: nobody was chosen for it yet%n", job);
        }
        for (var checked : report.choices()) {
            out.printf(
                    "job %s, asked %s, book %d: %s%n",
                    job,
                    checked.placed().asked(),
                    checked.placed().version(),
                    switch (checked.result()) {
                        case Recount.Result.Same _ -> "as the rules say, " + names(checked.chosen());
                        case Recount.Result.Other other ->
                            "chosen were %s, but the rules say %s"
                                    .formatted(names(checked.chosen()), names(other.expected()));
                    });
        }
        if (report.unnoted() > 0) {
            out.printf(
                    "job %s: %d were chosen by what owners had shown, which cannot be recomputed%n",
                    job, report.unnoted());
        }
        report.brokenAt()
                .ifPresent(number -> out.printf("the book is not as it was written from change %d on%n", number));
    }

    private static String names(List<ProviderId> providers) {
        return providers.isEmpty()
                ? "nobody"
                : providers.stream().map(ProviderId::value).collect(Collectors.joining(", "));
    }
}
