package io.perigee.api.epoch.postgres;

import io.perigee.api.epoch.EpochBook;
import io.perigee.api.hub.HubFacts;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Row;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.rest.EpochView;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Rows come from the projection; files from the view that settlement publishes in its own schema. */
@Singleton
final class PostgresEpochBook implements EpochBook {
    private static final String COLUMNS =
            "select hub, token, number, root, count, debits, credits, state, transaction, file from epoch where hub = $1";

    private final Database database;
    private final HubFacts hub;

    PostgresEpochBook(Database database, HubFacts hub) {
        this.database = database;
        this.hub = hub;
    }

    @Override
    public List<EpochView> page(Optional<Place> after, int limit) {
        return database.inTransaction(tx -> tx
                .query(
                        COLUMNS + """
                         and (number < $2 or (number = $2 and token > $3)) order by number desc, token limit $4""",
                        hub.address().value(),
                        after.map(Place::number).orElse(Integer.MAX_VALUE),
                        after.map(place -> place.token().value()).orElse(""),
                        limit)
                .stream()
                .map(PostgresEpochBook::view)
                .toList());
    }

    @Override
    public Optional<EpochView> find(Place epoch) {
        return database.inTransaction(tx -> tx.queryOne(
                        COLUMNS + " and number = $2 and token = $3",
                        hub.address().value(),
                        epoch.number(),
                        epoch.token().value())
                .map(PostgresEpochBook::view));
    }

    @Override
    public Optional<Long> size(ContentId file) {
        return database.inTransaction(tx -> tx.queryOne(
                        "select sum(length(bytes)) as size from settlement.published_file where file = $1",
                        file.value())
                .flatMap(row -> row.optionalNumber("size")));
    }

    @Override
    public Optional<byte[]> part(ContentId file, int part) {
        return database.inTransaction(tx -> tx.queryOne(
                        "select bytes from settlement.published_file where file = $1 and part = $2", file.value(), part)
                .map(row -> row.bytes("bytes")));
    }

    private static EpochView view(Row row) {
        return new EpochView(
                Address.parse(row.string("hub")),
                Address.parse(row.string("token")),
                row.integer("number"),
                Digest.parse(row.string("root")),
                row.integer("count"),
                new Amount(row.bigInteger("debits")),
                new Amount(row.bigInteger("credits")),
                EpochState.valueOf(row.string("state")),
                row.optionalString("transaction").orElse(null),
                ContentId.parse(row.string("file")));
    }
}
