package io.perigee.settlement.app;

import io.perigee.eventlog.postgres.Database;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;

/** The exit for what the service cannot end alone: shows parked purposes, tries one at once, or gives one up. */
final class OperatorCommand {
    private static final int MOST_SHOWN = 1_000;
    private static final int USAGE = 64;

    private OperatorCommand() {}

    /** Does what the words say and returns the process's exit code. */
    static int run(Settings settings, InstantSource clock, String[] words, PrintStream out, PrintStream err) {
        try (var database = new Database(settings.databaseSettings())) {
            var now = clock.instant();
            switch (words[0]) {
                case "status" -> {
                    database.inTransaction(tx -> IntentBook.troubles(tx, MOST_SHOWN))
                            .forEach(out::println);
                    return 0;
                }
                case "retry" -> {
                    if (words.length == 2) {
                        var purpose = new Purpose(words[1]);
                        return told(
                                err,
                                purpose,
                                "parked",
                                database.inTransaction(tx -> IntentBook.retry(tx, purpose, now)));
                    }
                }
                case "abandon" -> {
                    if (words.length == 3) {
                        return abandon(database, new Purpose(words[1]), words[2], now, err);
                    }
                }
                default -> {}
            }
            err.println("Expected no argument, 'status', 'retry <purpose>' or 'abandon <purpose> <why>'");
            return USAGE;
        }
    }

    static int abandon(Database database, Purpose purpose, String why, Instant now, PrintStream err) {
        if (!purpose.mayBeGivenUp()) {
            err.printf(
                    "Expected to give up purpose '%s', but nobody would ever be paid for it otherwise:"
                            + " it is tried until the chain says that the epoch is over%n",
                    purpose);
            return 1;
        }
        return told(
                err,
                purpose,
                "planned or parked",
                database.inTransaction(tx -> IntentBook.abandon(tx, purpose, why, now)));
    }

    private static int told(PrintStream err, Purpose purpose, String state, boolean done) {
        if (!done) {
            err.printf("Expected purpose '%s' to be %s, but it is not%n", purpose, state);
        }
        return done ? 0 : 1;
    }
}
