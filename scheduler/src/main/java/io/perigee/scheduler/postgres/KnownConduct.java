package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.Conduct;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.id.Address;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What owners of whom something bad was noted have shown, remembered until something else is noted: matching asks under its
 * lock whenever an offer changes, and a busy owner's records are long. Everybody else is as reliable as can be.
 *
 * <p>Used by one thread.
 */
final class KnownConduct {
    /** Older outcomes weigh next to nothing. */
    private static final int MOST = 10_000;

    private static final int OWNERS = 100_000;

    private static final String OF_OWNERS = """
      SELECT f.owner, f.numeric_class, f.image_family, o.job_id, o.attempt, o.kind, o.at
      FROM (SELECT DISTINCT owner, numeric_class, image_family FROM outcome bad
            WHERE bad.kind <> 'VERIFIED' AND bad.owner = ANY($1)) f
      """;

    private static final String OF_FIELDS = """
      SELECT f.owner, f.numeric_class, f.image_family, o.job_id, o.attempt, o.kind, o.at
      FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS n (owner, numeric_class, image_family)
            WHERE EXISTS (SELECT FROM outcome bad WHERE bad.kind <> 'VERIFIED' AND bad.owner = n.owner
                            AND bad.numeric_class = n.numeric_class AND bad.image_family = n.image_family)) f
      """;

    private static final String NEWEST = """
      CROSS JOIN LATERAL (
        SELECT job_id, attempt, kind, at FROM outcome o
        WHERE o.owner = f.owner AND o.numeric_class = f.numeric_class AND o.image_family = f.image_family
        ORDER BY at DESC LIMIT %d) o
      """.formatted(MOST);

    private final PostgresRecordBook records = new PostgresRecordBook();
    private final Map<Address, Map<Field, Conduct>> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Map<Field, Conduct>> eldest) {
            return size() > OWNERS;
        }
    };
    /** Of owners that are known: something was noted since. */
    private final Set<Field> stale = new HashSet<>();
    /** From where on outcomes are to be read; empty before anybody was asked for. */
    private String seen = "";

    private long read;

    /** Outcomes that were read since the beginning. */
    long read() {
        return read;
    }

    /** Nothing is known any more. */
    void forget() {
        known.clear();
        stale.clear();
    }

    /** Before records are read: what is noted from here on may be missing in them. */
    private void catchUp(Tx tx) {
        var noted = records.notedSince(tx, seen);
        seen = noted.seen();
        noted.fields().stream()
                .filter(field -> known.containsKey(field.owner()))
                .forEach(stale::add);
    }

    /** What some owners have shown, by owner. */
    Map<Address, Collection<Conduct>> of(Tx tx, Set<Address> owners, Instant now) {
        if (owners.isEmpty()) {
            return Map.of();
        }
        catchUp(tx);
        var missing = owners.stream().filter(owner -> !known.containsKey(owner)).toList();
        missing.forEach(owner -> known.put(owner, new HashMap<>()));
        stale.removeIf(field -> missing.contains(field.owner()) || !known.containsKey(field.owner()));
        if (!missing.isEmpty()) {
            keep(tx, now, OF_OWNERS, (Object) JobRows.column(missing, Address::value, String[]::new));
        }
        var changed =
                stale.stream().filter(field -> owners.contains(field.owner())).toList();
        if (!changed.isEmpty()) {
            keep(
                    tx,
                    now,
                    OF_FIELDS,
                    JobRows.column(changed, field -> field.owner().value(), String[]::new),
                    JobRows.column(changed, field -> field.numericClass().value(), String[]::new),
                    JobRows.column(changed, Field::imageFamily, String[]::new));
            changed.forEach(stale::remove);
        }
        return owners.stream().collect(Collectors.toMap(owner -> owner, owner -> known.getOrDefault(owner, Map.of())
                .values()));
    }

    private void keep(Tx tx, Instant now, String fields, Object... parameters) {
        var rows = tx.query(fields + NEWEST, parameters);
        read += rows.size();
        rows.stream()
                .collect(Collectors.groupingBy(
                        PostgresRecordBook::field,
                        Collectors.mapping(PostgresRecordBook::outcome, Collectors.toList())))
                .forEach((field, outcomes) -> known.computeIfAbsent(field.owner(), _ -> new HashMap<>())
                        .put(field, Conduct.of(field, Reputation.of(outcomes, now))));
    }
}
