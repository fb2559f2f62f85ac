package io.perigee.scheduler.record;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.reputation.Field;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Decimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What owners have shown, remembered until something else is noted of them by any scheduler: matching asks for it under its
 * lock, for many owners at once, and most of them have shown nothing new.
 *
 * <p>Used by one thread.
 */
public final class KnownScores {
    private static final int MOST = 100_000;

    /** A record fades by half in months: an hour is nothing to it. */
    private static final Duration FRESH = Duration.ofHours(1);

    /** Records that are read with one statement. */
    private static final int TOGETHER = 64;

    private record Known(Decimal score, Instant at) {}

    private final RecordBook records;
    private final Map<Field, Known> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Field, Known> eldest) {
            return size() > MOST;
        }
    };

    /** Owners of whom something was noted since somebody asked. */
    private final Set<Address> news = new HashSet<>();
    /** From where on outcomes are to be read; empty before the first record was read. */
    private String seen = "";

    public KnownScores(RecordBook records) {
        this.records = records;
    }

    /** Forgets of whom something else was noted; nothing to do while nobody has asked for a record. */
    public void catchUp(Tx tx) {
        if (!seen.isEmpty()) {
            var noted = records.notedSince(tx, seen);
            for (var field : noted.fields()) {
                known.remove(field);
                news.add(field.owner());
            }
            seen = noted.seen();
        }
    }

    /** The scores of some, as of a book that was just caught up with. */
    public Map<Field, Decimal> read(Tx tx, Set<Field> fields, Instant now) {
        if (seen.isEmpty()) {
            // before the records: what is noted from here on may be missing in them
            seen = records.notedSince(tx, "").seen();
        }
        Map<Field, Decimal> scores = new HashMap<>();
        List<Field> missing = new ArrayList<>();
        for (var field : fields) {
            Optional.ofNullable(known.get(field))
                    .filter(each -> now.isBefore(each.at().plus(FRESH)))
                    .ifPresentOrElse(each -> scores.put(field, each.score()), () -> missing.add(field));
        }
        for (int at = 0; at < missing.size(); at += TOGETHER) {
            var some = Set.copyOf(missing.subList(at, Math.min(missing.size(), at + TOGETHER)));
            records.reputations(tx, some, now).forEach((field, record) -> {
                known.put(field, new Known(record.score(), now));
                scores.put(field, record.score());
            });
        }
        return scores;
    }

    /** What was read last; empty where it may be anything. */
    public Optional<Decimal> last(Field field) {
        return Optional.ofNullable(known.get(field)).map(Known::score);
    }

    /** Owners of whom something was noted since this was asked last. */
    public Set<Address> news() {
        var owners = Set.copyOf(news);
        news.clear();
        return owners;
    }

    /** What was read may never have been committed. */
    public void forget() {
        known.clear();
    }
}
