package io.perigee.api.artifact.postgres;

import io.perigee.api.artifact.UnusedBook;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.ContentId;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** Whoever needs a row while it is forgotten holds its lock, and it is left for another round. */
@Singleton
final class PostgresUnusedBook implements UnusedBook {
    private static final int AT_ONCE = 1_000;

    private static final String SPREAD = """
      with old as (
        select f.id from artifact f
        where f.used_at < $1 and exists (
          select from manifest_entry m join artifact d on d.id = m.manifest where m.file = f.id and d.used_at >= $1)
        limit %d for no key update of f skip locked)
      update artifact set used_at = (
        select max(d.used_at) from manifest_entry m join artifact d on d.id = m.manifest where m.file = artifact.id)
      where id in (select id from old)
      """.formatted(AT_ONCE);

    private static final String UNUSED = """
      select a.id from artifact a
      where a.used_at < $1
        and not exists (select from artifact_grant g where g.artifact = a.id and g.subject = '*')
        and not exists (select from manifest_entry m where m.file = a.id)
      order by a.used_at limit $2 for update of a skip locked
      """;

    private static final List<String> FORGET = List.of(
            "insert into unused_content (id) select unnest($1::text[]) on conflict do nothing",
            "delete from manifest_entry where manifest = any ($1)",
            "delete from artifact_grant where artifact = any ($1)",
            "delete from artifact where id = any ($1)");

    private static final String WANTED = """
      select exists (select from artifact where id = $1) as kept,
             exists (select from upload where content = $1 and not complete) as coming
      """;

    private final Database database;

    PostgresUnusedBook(Database database) {
        this.database = database;
    }

    @Override
    public void spread(Instant before) {
        int some;
        do {
            some = database.inTransaction(tx -> tx.execute(SPREAD, before));
        } while (some == AT_ONCE);
    }

    @Override
    public int forget(Instant before, int most) {
        return database.inTransaction(tx -> {
            var ids = tx.query(UNUSED, before, most).stream()
                    .map(row -> row.string("id"))
                    .toArray(String[]::new);
            if (ids.length > 0) {
                FORGET.forEach(each -> tx.execute(each, (Object) ids));
            }
            return ids.length;
        });
    }

    @Override
    public void delete(Deletion deletion) throws IOException {
        try {
            for (var some = after(""); !some.isEmpty(); some = after(some.getLast())) {
                for (var id : some) {
                    database.transact(tx -> delete(tx, id, deletion));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<String> after(String last) {
        return database
                .reading(tx ->
                        tx.query("select id from unused_content where id > $1 order by id limit $2", last, AT_ONCE))
                .stream()
                .map(row -> row.string("id"))
                .toList();
    }

    /** Who announces it meanwhile waits for the lock. */
    private static void delete(Tx tx, String id, Deletion deletion) {
        if (tx.query("select id from unused_content where id = $1 for update", id)
                .isEmpty()) {
            return;
        }
        var wanted = tx.queryOne(WANTED, id).orElseThrow();
        if (wanted.bool("coming")) {
            return;
        }
        if (!wanted.bool("kept")) {
            try {
                deletion.delete(new ContentId(id));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        tx.execute("delete from unused_content where id = $1", id);
    }
}
