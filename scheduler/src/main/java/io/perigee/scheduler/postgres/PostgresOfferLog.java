package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.Conduct;
import io.perigee.market.matching.OfferChange;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.perigee.scheduler.placing.OfferLog;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The book in {@code offer_change}, told from the tables by the transactions that changed their rows. */
public final class PostgresOfferLog implements OfferLog {
    private static final String OFFER = "OFFER";
    private static final String USE = "USE";
    private static final String STAKE = "STAKE";

    private static final int PAGE = 1_000;
    /** Of the book, what a statement reads. */
    private static final int SUBJECTS = 20_000;

    /** A record fades by half in months: a day is next to nothing to it. */
    private static final Duration FADING = Duration.ofDays(1);

    private final int subjects;

    /** When records were last looked at again though nothing was noted. */
    private Instant faded = Instant.MIN;

    /** What that will be once the transaction that looked has committed. */
    private Optional<Instant> fades = Optional.empty();

    private final KnownConduct conduct = new KnownConduct();

    private static final String FREE_STAKE = """
      greatest(0, coalesce((SELECT s.amount FROM stake s WHERE s.owner = o.owner), 0)
        - coalesce((SELECT sum(a.bond) FROM attempt a WHERE a.owner = o.owner AND a.bonded), 0)) AS free
      """;

    private static final String OFFERS =
            """
      WITH changed AS (
        SELECT id FROM provider WHERE changed >= $1::text::xid8
        UNION SELECT provider FROM attempt WHERE changed >= $1::text::xid8 AND changed > '0'
        UNION SELECT provider FROM registration WHERE changed >= $1::text::xid8
        UNION SELECT provider FROM revocation WHERE changed >= $1::text::xid8
        UNION SELECT p.id FROM provider p WHERE p.owner IN (
          SELECT o.owner FROM outcome o WHERE o.changed >= $1::text::xid8 AND o.owner IN (
            SELECT bad.owner FROM outcome bad WHERE bad.kind <> 'VERIFIED'))
        UNION SELECT p.id FROM provider p WHERE $2 AND p.owner IN (
          SELECT bad.owner FROM outcome bad WHERE bad.kind <> 'VERIFIED'))
      SELECT o.id, o.owner, o.online, o.session_key::text AS session_key, o.session_key_signature, o.offer::text AS offer,
             (SELECT count(*) FROM attempt a WHERE a.provider = o.id AND a.occupies) AS slots,
             (SELECT coalesce(sum(a.gpus), 0) FROM attempt a WHERE a.provider = o.id AND a.occupies) AS gpus,
             CASE WHEN NOT EXISTS (SELECT FROM registration r WHERE r.provider = o.id AND r.owner = o.owner)
                    THEN 'UNREGISTERED'
                  WHEN EXISTS (SELECT FROM revocation r
                               WHERE r.provider = o.id AND r.serial = (o.session_key ->> 'serial')::bigint)
                    THEN 'REVOKED'
                  ELSE 'GOOD' END AS standing,
             (SELECT max(a.declined_at) FROM attempt a WHERE a.provider = o.id AND a.declined_at IS NOT NULL) AS declined,
      """ + FREE_STAKE + "FROM provider o WHERE o.id IN (SELECT id FROM changed) ORDER BY o.id";

    private static final String STAKES = """
      WITH changed AS (
        SELECT owner FROM stake WHERE changed >= $1::text::xid8
        UNION SELECT owner FROM attempt WHERE changed >= $1::text::xid8 AND changed > '0')
      SELECT o.owner,
      """ + FREE_STAKE + "FROM changed o ORDER BY o.owner";

    /**
     * From the last change of one subject to that of the next by the index: those before it are not read, however many. The
     * order names all columns of that index, so that no other can give it. So many subjects at a time, behind one: of a
     * million no statement would end in its time.
     */
    private static final String BOOK = """
      WITH RECURSIVE book (kind, subject, number, body) AS (
        (SELECT kind, subject, number, body FROM offer_change WHERE (kind, subject) > ($1, $2)
         ORDER BY kind, subject, number DESC LIMIT 1)
        UNION ALL
        SELECT next.* FROM book CROSS JOIN LATERAL (
          SELECT c.kind, c.subject, c.number, c.body FROM offer_change c
          WHERE (c.kind, c.subject) > (book.kind, book.subject) ORDER BY c.kind, c.subject, c.number DESC LIMIT 1) next)
      SELECT kind, subject, number, body FROM book LIMIT $3
      """;

    /** The same as of a number; a subject that came later has none. */
    private static final String PAST_BOOK = """
      WITH RECURSIVE about (kind, subject) AS (
        (SELECT kind, subject FROM offer_change WHERE (kind, subject) > ($1, $2) ORDER BY kind, subject LIMIT 1)
        UNION ALL
        SELECT next.kind, next.subject FROM about CROSS JOIN LATERAL (
          SELECT c.kind, c.subject FROM offer_change c
          WHERE (c.kind, c.subject) > (about.kind, about.subject) ORDER BY c.kind, c.subject LIMIT 1) next)
      SELECT about.kind, about.subject, last.body, last.number FROM (SELECT * FROM about LIMIT $3) about
      LEFT JOIN LATERAL (
        SELECT c.body, c.number FROM offer_change c
        WHERE c.kind = about.kind AND c.subject = about.subject AND c.number <= $4 ORDER BY c.number DESC LIMIT 1) last ON true
      """;

    private static final String APPEND = """
      INSERT INTO offer_change (number, kind, subject, body, digest)
      SELECT $1::bigint + place, kind, subject, body, digest
      FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS n (kind, subject, body, digest, place)
      """;

    private static final String HEAD = """
      SELECT number, digest, seen::text AS seen, pg_snapshot_xmin(pg_current_snapshot())::text AS now FROM offer_log
      """;

    /**
     * The head of the log.
     *
     * @param seen what transactions had ended when it was written
     * @param now what have ended by now; read before the rows, so that a transaction which they do not show is not older
     */
    private record Head(long number, String digest, String seen, String now) implements Tx.Gathering {
        static Head of(Row row) {
            return new Head(row.number("number"), row.string("digest"), row.string("seen"), row.string("now"));
        }

        @Override
        public void write(Tx tx) {}
    }

    /** What an offer has in use, as the log keeps it. */
    private record Use(int slots, int gpus) {}

    private record Entry(String kind, String subject, String body) {}

    public PostgresOfferLog() {
        this(SUBJECTS);
    }

    /** @param subjects of the book, so many a statement */
    PostgresOfferLog(int subjects) {
        this.subjects = subjects;
    }

    @Override
    public long lock(Tx tx) {
        PostgresOfferBook.lockMatching(tx);
        return head(tx).number();
    }

    @Override
    public List<OfferChange> after(Tx tx, long version) {
        return changes(
                version == 0
                        ? book((kind, subject) -> tx.query(BOOK, kind, subject, (long) subjects))
                        : tx.query(
                                "SELECT kind, subject, body FROM offer_change WHERE number > $1 ORDER BY number",
                                version));
    }

    @Override
    public List<OfferChange> upTo(Tx tx, long version) {
        return changes(book((kind, subject) -> tx.query(PAST_BOOK, kind, subject, (long) subjects, version)));
    }

    /** All pages of a book, in the order of their numbers. */
    private List<Row> book(BiFunction<String, String, List<Row>> pages) {
        var all = new ArrayList<Row>();
        var page = pages.apply("", "");
        while (!page.isEmpty()) {
            page.stream()
                    .filter(row -> row.optionalNumber("number").isPresent())
                    .forEach(all::add);
            var last = page.getLast();
            page = page.size() < subjects ? List.of() : pages.apply(last.string("kind"), last.string("subject"));
        }
        all.sort(Comparator.comparingLong(row -> row.number("number")));
        return all;
    }

    @Override
    public Optional<Long> firstBroken(Tx tx, long version) {
        var digest = Digest.ZERO.value();
        List<Row> page;
        for (long number = 0; number < version; number += page.size()) {
            page = tx.query(
                    "SELECT number, kind, subject, body, digest FROM offer_change WHERE number > $1 AND number <= $2"
                            + " ORDER BY number LIMIT " + PAGE,
                    number,
                    version);
            long expected = number;
            for (var row : page) {
                digest = digest(digest, new Entry(row.string("kind"), row.string("subject"), row.string("body")));
                if (row.number("number") != ++expected || !row.string("digest").equals(digest)) {
                    return Optional.of(expected);
                }
            }
            if (page.isEmpty()) {
                return Optional.of(number + 1);
            }
        }
        return Optional.empty();
    }

    @Override
    public Fresh fresh(Tx tx, Instant now) {
        var head = head(tx);
        var since = head.seen();
        boolean fading = faded.isBefore(now.minus(FADING));
        if (fades.isPresent() || fading) {
            // what was read by a transaction that did not commit may never have been so
            conduct.forget();
        }
        fades = Optional.of(fading ? now : faded);
        Map<ProviderId, Optional<OfferView>> offers = new LinkedHashMap<>();
        var rows = tx.query(OFFERS, since, fading);
        var views = rows.stream()
                .filter(row -> row.bool("online"))
                .map(PostgresOfferLog::view)
                .toList();
        var shown = conduct.of(tx, views.stream().map(OfferView::owner).collect(Collectors.toSet()), now);
        rows.forEach(row -> offers.put(ProviderId.parse(row.string("id")), Optional.empty()));
        views.forEach(view -> offers.put(
                view.provider(), Optional.of(Conduct.of(view, shown.getOrDefault(view.owner(), List.of())))));
        Map<Address, Amount> stakes = new LinkedHashMap<>();
        tx.query(STAKES, since)
                .forEach(row -> stakes.put(Address.parse(row.string("owner")), new Amount(row.bigInteger("free"))));
        return new Fresh(offers, stakes, head.now());
    }

    @Override
    public void committed() {
        fades.ifPresent(at -> faded = at);
        fades = Optional.empty();
    }

    /** Outcomes that were read since the beginning. */
    long read() {
        return conduct.read();
    }

    @Override
    public long append(Tx tx, List<OfferChange> changes, String seen) {
        var head = head(tx);
        long number = head.number();
        var digest = head.digest();
        if (changes.isEmpty() && seen.equals(head.seen())) {
            return number;
        }
        var entries = changes.stream().map(PostgresOfferLog::entry).toList();
        var digests = new String[entries.size()];
        for (int i = 0; i < digests.length; i++) {
            digest = digest(digest, entries.get(i));
            digests[i] = digest;
        }
        if (digests.length > 0) {
            tx.later(
                    APPEND,
                    number,
                    entries.stream().map(Entry::kind).toArray(String[]::new),
                    entries.stream().map(Entry::subject).toArray(String[]::new),
                    entries.stream().map(Entry::body).toArray(String[]::new),
                    digests);
        }
        number += digests.length;
        tx.later("UPDATE offer_log SET number = $1, digest = $2, seen = $3::text::xid8", number, digest, seen);
        return number;
    }

    /** Read once by a transaction, which has the lock of it and moves it at its end. */
    private static Head head(Tx tx) {
        return tx.gathering(
                Head.class,
                () -> Head.of(tx.queryOne(HEAD)
                        .orElseThrow(() -> new IllegalStateException(
                                "Expected the log of offers to have a head, but it has none"))));
    }

    private static String digest(String before, Entry entry) {
        return Keccak256.hash(String.join("\n", before, entry.kind(), entry.subject(), entry.body())
                        .getBytes(StandardCharsets.UTF_8))
                .value();
    }

    private static Entry entry(OfferChange change) {
        return switch (change) {
            case OfferChange.Put(var view) -> new Entry(OFFER, view.provider().value(), Json.text(view));
            case OfferChange.Gone(var provider) -> new Entry(OFFER, provider.value(), "");
            case OfferChange.Used(var provider, int slots, int gpus) ->
                new Entry(USE, provider.value(), Json.text(new Use(slots, gpus)));
            case OfferChange.Staked(var owner, var free) -> new Entry(STAKE, owner.value(), free.toString());
        };
    }

    private static List<OfferChange> changes(List<Row> rows) {
        return rows.stream().map(PostgresOfferLog::change).toList();
    }

    private static OfferChange change(Row row) {
        var subject = row.string("subject");
        var body = row.string("body");
        return switch (row.string("kind")) {
            case OFFER ->
                body.isEmpty()
                        ? new OfferChange.Gone(ProviderId.parse(subject))
                        : new OfferChange.Put(Json.read(body, OfferView.class));
            case USE -> {
                var use = Json.read(body, Use.class);
                yield new OfferChange.Used(ProviderId.parse(subject), use.slots(), use.gpus());
            }
            case STAKE -> new OfferChange.Staked(Address.parse(subject), Amount.parse(body));
            case String other ->
                throw new IllegalStateException(
                        "Expected to read a change of the book, but it is a '%s'".formatted(other));
        };
    }

    private static OfferView view(Row row) {
        var view = new OfferView(
                ProviderId.parse(row.string("id")),
                Address.parse(row.string("owner")),
                Json.read(row.json("session_key"), SessionKey.class),
                Signature.parse(row.string("session_key_signature")),
                Json.read(row.json("offer"), Offer.class),
                new Amount(row.bigInteger("free").max(BigInteger.ZERO)),
                Math.toIntExact(row.number("slots")),
                Math.toIntExact(row.number("gpus")),
                Decimal.ZERO,
                Standing.valueOf(row.string("standing")));
        return row.optionalInstant("declined").map(view::declined).orElse(view);
    }
}
