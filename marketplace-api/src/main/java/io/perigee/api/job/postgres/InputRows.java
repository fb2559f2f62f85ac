package io.perigee.api.job.postgres;

import io.perigee.api.artifact.postgres.ReadableArtifacts;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.job.Inputs;
import io.perigee.api.job.OrderRules;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a submission is judged by: readable inputs and the allotment. */
@Singleton
final class InputRows implements Inputs {
    private final Transactions transactions;

    InputRows(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Uni<Readables> readable(Address builder, JobSpec spec) {
        return transactions.reading(tx -> readable(tx, builder, List.of(spec)));
    }

    static Readables readable(Tx tx, Address builder, Collection<JobSpec> specs) {
        var directories = specs.stream()
                .flatMap(spec -> Stream.of(spec.baseId(), spec.datasetId()))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        var files = specs.stream()
                .flatMap(spec -> spec.imageArtifact().stream())
                .distinct()
                .toList();
        return new Readables(
                ReadableArtifacts.directories(tx, builder.value(), directories),
                ReadableArtifacts.upTo(tx, builder.value(), files, OrderRules.LARGEST_IMAGE));
    }

    static Amount available(Tx tx, Address builder, HubFacts hub) {
        return tx.queryOne(
                        "select available from allotment where builder = $1 and hub = $2 and token = $3",
                        builder.value(),
                        hub.address().value(),
                        hub.token().value())
                .map(row -> new Amount(row.bigInteger("available")))
                .orElse(Amount.ZERO);
    }
}
