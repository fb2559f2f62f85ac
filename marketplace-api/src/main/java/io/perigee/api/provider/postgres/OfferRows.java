package io.perigee.api.provider.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.Conduct;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Offers as they are stored, for whoever has a transaction open already. */
final class OfferRows {
    /** So many rows at a time: while they are read they are in memory twice. */
    static final int PAGE = 1_000;

    private static final String COLUMNS = """
      select a.provider, a.owner, a.session_key, a.session_key_signature, a.offer, coalesce(s.amount, 0) as stake
      from agent a left join stake s on s.owner = a.owner
      """;

    private static final String OFFERED = COLUMNS + "where a.online and a.provider > $1 order by a.provider limit $2";
    private static final String ONE = COLUMNS + "where a.online and a.provider = $1";

    /** Of all that go on, by an index that has all of it: never by the attempts, which are large and many. */
    private static final String HELD = """
      select provider, owner, sum(bond) as bonds, count(*) filter (where state in ('ASSIGNED', 'RUNNING')) as slots,
             coalesce(sum(gpus) filter (where state in ('ASSIGNED', 'RUNNING')), 0) as gpus
      from attempt where state in ('ASSIGNED', 'RUNNING', 'COMMITTED', 'REVEALED') group by provider, owner
      """;

    private static final String PAIRS = """
      select numeric_class, sum(equal) as equal, sum(unexplained) as unexplained from class_pairs
      where numeric_class = any ($1) group by numeric_class
      """;

    private static final Decimal NO_REPUTATION = new Decimal("0");

    /** The newest of each family that is asked for; what is older than so many weighs little. */
    private static final int OUTCOMES = 100_000;

    private static final String RECORDS = """
      select o.owner, o.numeric_class, o.image_family, o.job, o.attempt, o.kind, o.at from outcome o
      where o.image_family = any ($1) and exists (select from agent a where a.owner = o.owner and a.online)
      order by o.at desc limit $2
      """;

    /** Of those of whom something bad was noted; everybody else is as reliable as can be. */
    private static final String CONDUCT = """
      select o.owner, o.numeric_class, o.image_family, o.job, o.attempt, o.kind, o.at from outcome o
      where o.owner in (select bad.owner from outcome bad where bad.kind <> 'VERIFIED')
        and exists (select from agent a where a.owner = o.owner and a.online)
      order by o.at desc limit $1
      """;

    private OfferRows() {}

    /** What the owners of these offers have shown in some families. */
    static Map<Field, Reputation> records(Tx tx, Set<String> families, Instant now) {
        return records(tx.query(RECORDS, families.toArray(String[]::new), OUTCOMES), now);
    }

    private static Map<Field, Reputation> records(List<Row> rows, Instant now) {
        var outcomes = new HashMap<Field, List<Outcome>>();
        for (var row : rows) {
            outcomes.computeIfAbsent(
                            new Field(
                                    new Address(row.string("owner")),
                                    new Digest(row.string("numeric_class")),
                                    row.string("image_family")),
                            _ -> new ArrayList<>())
                    .add(new Outcome(
                            new JobId(row.uuid("job")),
                            row.integer("attempt"),
                            OutcomeKind.valueOf(row.string("kind")),
                            row.instant("at")));
        }
        var records = new HashMap<Field, Reputation>();
        outcomes.forEach((field, its) -> records.put(field, Reputation.of(its, now)));
        return records;
    }

    /**
     * Of everybody.
     *
     * @param texts what was read of offers before
     * @param most that are read; those with the lowest ids
     */
    static LiveOffers all(Tx tx, OfferTexts texts, int page, int most, Instant now) {
        var use = InUse.of(tx);
        var conduct = conduct(tx, now);
        var views = new ArrayList<OfferView>();
        var backing = new Backing();
        // one more than that says that there are more
        int wanted;
        List<Row> rows;
        do {
            wanted = Math.min(page, most + 1 - views.size());
            rows = tx.query(
                    OFFERED, views.isEmpty() ? "" : views.getLast().provider().value(), wanted);
            for (var row : rows) {
                var view = view(row, texts, use, conduct);
                views.add(view);
                backing.add(view, new Amount(row.bigInteger("stake")));
            }
        } while (rows.size() == wanted && views.size() <= most);
        boolean complete = views.size() <= most;
        return new LiveOffers(
                texts.keeping(complete ? views : views.subList(0, most)),
                backing.classes(names -> pairs(tx, names)),
                complete);
    }

    /** Of one provider; empty when it is not online. */
    static Optional<OfferView> one(Tx tx, ProviderId provider, Instant now) {
        var rows = tx.query(ONE, provider.value());
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(view(rows.getFirst(), new OfferTexts(), InUse.of(tx), conduct(tx, now)));
    }

    private static Map<Digest, Backing.Pairs> pairs(Tx tx, Set<Digest> classes) {
        return tx.query(PAIRS, (Object) classes.stream().map(Digest::value).toArray(String[]::new)).stream()
                .collect(Collectors.toMap(
                        row -> new Digest(row.string("numeric_class")),
                        row -> new Backing.Pairs(
                                bounded(row.bigInteger("equal")), bounded(row.bigInteger("unexplained")))));
    }

    private static int bounded(BigInteger count) {
        return count.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValueExact();
    }

    private static Map<Address, Map<Field, Reputation>> conduct(Tx tx, Instant now) {
        var conduct = new HashMap<Address, Map<Field, Reputation>>();
        records(tx.query(CONDUCT, OUTCOMES), now)
                .forEach((field, record) -> conduct.computeIfAbsent(field.owner(), _ -> new HashMap<>())
                        .put(field, record));
        return conduct;
    }

    /** What running attempts hold, by owner and by provider. */
    private record InUse(Map<String, BigInteger> bonds, Map<String, Row> held) {
        static InUse of(Tx tx) {
            var bonds = new HashMap<String, BigInteger>();
            var held = new HashMap<String, Row>();
            for (var row : tx.query(HELD)) {
                bonds.merge(row.string("owner"), row.bigInteger("bonds"), BigInteger::add);
                held.put(row.string("provider"), row);
            }
            return new InUse(bonds, held);
        }

        int count(String provider, String column) {
            return Optional.ofNullable(held.get(provider))
                    .map(each -> Math.toIntExact(each.number(column)))
                    .orElse(0);
        }
    }

    private static OfferView view(Row row, OfferTexts texts, InUse use, Map<Address, Map<Field, Reputation>> conduct) {
        var provider = row.string("provider");
        var owner = row.string("owner");
        var free = row.bigInteger("stake").subtract(use.bonds().getOrDefault(owner, BigInteger.ZERO));
        var said = texts.read(
                provider, row.string("session_key"), row.string("session_key_signature"), row.string("offer"));
        var view = new OfferView(
                new ProviderId(provider),
                new Address(owner),
                said.key(),
                said.signature(),
                said.offer(),
                new Amount(free.max(BigInteger.ZERO)),
                use.count(provider, "slots"),
                use.count(provider, "gpus"),
                NO_REPUTATION,
                // the gateway asked the chain when the agent logged in; matching asks the confirmed block
                Standing.GOOD);
        return Conduct.of(view, conduct.getOrDefault(view.owner(), Map.of()));
    }
}
