package io.perigee.api.artifact.postgres;

import io.perigee.api.artifact.Collector;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.ContentId;
import java.time.Instant;
import java.util.Collection;

/** Notes that artifacts are used, for whoever has a transaction open already. Once a day is enough. */
public final class UsedArtifacts {
    private static final String PRESENT =
            "select count(*) as present, count(*) filter (where used_at < $2) as old from artifact where id = any ($1)";

    private static final String USED = """
      update artifact set used_at = $2
      where id in (select id from artifact where id = any ($1) and used_at < $3 order by id for no key update)
      """;

    private UsedArtifacts() {}

    /**
     * Notes it before the transaction names them anywhere, so that they are kept from then on.
     *
     * @throws TryLater when one of them was forgotten meanwhile; then it is not readable any more
     */
    public static void use(Tx tx, Collection<ContentId> ids, Instant now) {
        var distinct = ids.stream().map(ContentId::value).distinct().toArray(String[]::new);
        var before = now.minus(Collector.NOTED_EVERY);
        var found = present(tx, distinct, before);
        if (found.number("old") > 0) {
            tx.execute(USED, distinct, now, before);
            found = present(tx, distinct, before);
        }
        if (found.number("present") < distinct.length) {
            throw new TryLater(
                    "Expected to use artifacts, but one was just deleted because nobody had used it for long");
        }
    }

    private static Row present(Tx tx, String[] ids, Instant before) {
        return tx.queryOne(PRESENT, ids, before).orElseThrow();
    }

    /** The same where they are named already. */
    public static void note(Tx tx, String[] ids, Instant now) {
        tx.later(USED, ids, now, now.minus(Collector.NOTED_EVERY));
    }
}
