package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.perigee.scheduler.placing.OfferBook;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Offers with what the ledger of attempts leaves of them. */
public final class PostgresOfferBook implements OfferBook {
    /** Any number that no other advisory lock of this database uses: "perigee match" in ASCII, shortened. */
    private static final long MATCHING = 0x70676d61746368L;

    private static final String OFFERS = """
      SELECT p.id, p.owner, p.session_key::text AS session_key, p.session_key_signature, p.offer::text AS offer,
             coalesce(s.amount, 0) AS stake,
             coalesce((SELECT sum(a.bond) FROM attempt a WHERE a.owner = p.owner AND a.bonded), 0) AS bonds,
             coalesce(u.slots, 0) AS slots, coalesce(u.gpus, 0) AS gpus,
             CASE WHEN NOT EXISTS (SELECT FROM registration r WHERE r.provider = p.id AND r.owner = p.owner)
                    THEN 'UNREGISTERED'
                  WHEN EXISTS (SELECT FROM revocation r
                               WHERE r.provider = p.id AND r.serial = (p.session_key ->> 'serial')::bigint)
                    THEN 'REVOKED'
                  ELSE 'GOOD' END AS standing
      FROM provider p
      LEFT JOIN stake s ON s.owner = p.owner
      LEFT JOIN (SELECT provider, count(*) AS slots, sum(gpus) AS gpus FROM attempt WHERE occupies GROUP BY provider) u
        ON u.provider = p.id
      WHERE p.online
      """;

    @Override
    public Optional<Address> owner(Tx tx, ProviderId provider) {
        return tx.queryOne("SELECT owner FROM provider WHERE id = $1 FOR UPDATE", provider.value())
                .map(row -> Address.parse(row.string("owner")));
    }

    @Override
    public void online(Tx tx, ProviderOnline online, Instant at) {
        tx.execute(
                "INSERT INTO provider (id, owner, online, session_key, session_key_signature, offer, seen_at)"
                        + " VALUES ($1, $2, true, $3::text::jsonb, $4, $5::text::jsonb, $6)"
                        + " ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, online = true,"
                        + " session_key = excluded.session_key, session_key_signature = excluded.session_key_signature,"
                        + " offer = excluded.offer, seen_at = excluded.seen_at",
                online.provider().value(),
                online.owner().value(),
                Json.text(online.sessionKey()),
                online.ownerSignature().value(),
                Json.text(online.offer()),
                at);
        capacity(tx);
    }

    @Override
    public boolean offline(Tx tx, ProviderId provider, Instant at) {
        return tx.execute(
                        "UPDATE provider SET online = false, seen_at = $2 WHERE id = $1 AND online",
                        provider.value(),
                        at)
                == 1;
    }

    @Override
    public void stake(Tx tx, Address owner, Amount amount, long block) {
        tx.execute(
                "INSERT INTO stake (owner, amount, block) VALUES ($1, $2, $3)"
                        + " ON CONFLICT (owner) DO UPDATE SET amount = excluded.amount, block = excluded.block"
                        + " WHERE stake.block <= excluded.block",
                owner.value(),
                amount.value(),
                block);
        capacity(tx);
    }

    @Override
    public void registered(Tx tx, ProviderId provider, Address owner) {
        tx.execute(
                "INSERT INTO registration (provider, owner) VALUES ($1, $2) ON CONFLICT (provider) DO NOTHING",
                provider.value(),
                owner.value());
        capacity(tx);
    }

    @Override
    public void revoked(Tx tx, ProviderId provider, int serial, Instant at) {
        lockMatching(tx);
        tx.execute(
                "INSERT INTO revocation (provider, serial, revoked_at) VALUES ($1, $2, $3)"
                        + " ON CONFLICT (provider, serial) DO NOTHING",
                provider.value(),
                (long) serial,
                at);
    }

    @Override
    public List<OfferView> lockOffers(Tx tx) {
        lockMatching(tx);
        return tx.query(OFFERS).stream().map(PostgresOfferBook::view).toList();
    }

    private static void lockMatching(Tx tx) {
        tx.query("SELECT pg_advisory_xact_lock($1)::text AS locked", MATCHING);
    }

    private static OfferView view(Row row) {
        BigInteger free = row.bigInteger("stake").subtract(row.bigInteger("bonds"));
        return new OfferView(
                ProviderId.parse(row.string("id")),
                Address.parse(row.string("owner")),
                Json.read(row.json("session_key"), SessionKey.class),
                Signature.parse(row.string("session_key_signature")),
                Json.read(row.json("offer"), Offer.class),
                new Amount(free.max(BigInteger.ZERO)),
                Math.toIntExact(row.number("slots")),
                Math.toIntExact(row.number("gpus")),
                Decimal.ZERO,
                Standing.valueOf(row.string("standing")));
    }

    private static void capacity(Tx tx) {
        tx.query(PostgresJobBook.NOTIFY, PostgresJobBook.CAPACITY);
    }
}
