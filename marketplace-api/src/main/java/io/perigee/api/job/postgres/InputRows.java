package io.perigee.api.job.postgres;

import io.perigee.api.artifact.postgres.ReadableArtifacts;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.job.Inputs;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/** What a submission is judged by: readable inputs and the allotment. */
@Singleton
final class InputRows implements Inputs {
    private final Transactions transactions;

    InputRows(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Uni<Readables> readable(Address builder, JobSpec spec) {
        return transactions.run(session -> readable(session, builder, spec));
    }

    static Uni<Readables> readable(Mutiny.Session session, Address builder, JobSpec spec) {
        return readable(session, builder, List.of(spec));
    }

    static Uni<Readables> readable(Mutiny.Session session, Address builder, Collection<JobSpec> specs) {
        var directories = specs.stream()
                .flatMap(spec -> Stream.of(spec.baseId(), spec.datasetId()))
                .flatMap(java.util.Optional::stream)
                .distinct()
                .toList();
        var files = specs.stream()
                .flatMap(spec -> spec.imageArtifact().stream())
                .distinct()
                .toList();
        return ReadableArtifacts.directories(session, builder.value(), directories)
                .chain(found ->
                        ReadableArtifacts.of(session, builder.value(), files).map(also -> new Readables(found, also)));
    }

    static Uni<Amount> available(Mutiny.Session session, Address builder, HubFacts hub) {
        return session.createNativeQuery(
                        "select available from allotment where builder = :builder and hub = :hub and token = :token",
                        BigDecimal.class)
                .setParameter("builder", builder.value())
                .setParameter("hub", hub.address().value())
                .setParameter("token", hub.token().value())
                .getSingleResultOrNull()
                .map(found -> found == null ? Amount.ZERO : new Amount(found.toBigIntegerExact()));
    }
}
