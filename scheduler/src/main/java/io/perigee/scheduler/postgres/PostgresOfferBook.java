package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import io.perigee.scheduler.placing.OfferBook;
import java.time.Instant;
import java.util.Optional;

/** Who is online and with what, and whose stake is how large; {@link PostgresOfferLog} tells matching. */
public final class PostgresOfferBook implements OfferBook {
    /** Any number that no other advisory lock of this database uses: "perigee match" in ASCII, shortened. */
    private static final long MATCHING = 0x70676d61746368L;

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

    static void lockMatching(Tx tx) {
        tx.query("SELECT pg_advisory_xact_lock($1)::text AS locked", MATCHING);
    }

    private static void capacity(Tx tx) {
        tx.query(PostgresJobBook.NOTIFY, PostgresJobBook.CAPACITY);
    }
}
