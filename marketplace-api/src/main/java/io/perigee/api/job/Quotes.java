package io.perigee.api.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.api.artifact.Bases;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.hub.Trainers;
import io.perigee.api.persistence.Aside;
import io.perigee.api.persistence.Ids;
import io.perigee.api.provider.KnownOffers;
import io.perigee.api.provider.OfferBook;
import io.perigee.api.record.RecordBook;
import io.perigee.api.settings.Settings;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.reputation.RequesterReputation;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the human form of a job, prices it against the live offers and proposes the order to sign. */
@Singleton
public final class Quotes {
    private final HubFacts hub;
    private final Trainers trainers;
    private final OrderRules rules;
    private final OfferBook offers;
    private final RecordBook records;
    private final Inputs inputs;
    private final Bases bases;
    private final Ids ids;
    private final Clock clock;
    private final Duration validity;

    Quotes(
            HubFacts hub,
            Trainers trainers,
            OrderRules rules,
            OfferBook offers,
            RecordBook records,
            Inputs inputs,
            Bases bases,
            Ids ids,
            Clock clock,
            Settings settings) {
        this.hub = hub;
        this.trainers = trainers;
        this.rules = rules;
        this.offers = offers;
        this.records = records;
        this.inputs = inputs;
        this.bases = bases;
        this.ids = ids;
        this.clock = clock;
        this.validity = settings.api().quoteValidity();
    }

    Uni<Quote> quote(Address builder, JsonNode human) {
        var spec = read(human);
        rules.spec(spec);
        return inputs.readable(builder, spec)
                .invoke(readable -> rules.inputs(spec, readable.directories(), readable.files()))
                .chain(() -> bases.shape(spec))
                .map(base -> RunEstimate.of(base.orElse(null), spec).orElse(null))
                .chain(run -> quote(builder, spec, run, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
    }

    private Uni<Quote> quote(Address builder, JobSpec spec, @Nullable RunEstimate run, Instant now) {
        return offers.live(List.of(spec)).chain(known -> records.orders(builder)
                .chain(orders ->
                        Aside.of(() -> quote(builder, spec, known, run, RequesterReputation.of(orders, now), now))));
    }

    private Quote quote(
            Address builder,
            JobSpec spec,
            KnownOffers known,
            @Nullable RunEstimate run,
            RequesterReputation record,
            Instant now) {
        var priced = Pricing.quote(spec, run, builder, known.forJob(spec), known.classes(), hub.policy(), now);
        rules.price(spec, rules.maximum(spec, run, builder, known, now));
        var specHash = SpecHash.of(spec);
        var order = new JobOrder(
                builder,
                hub.address(),
                new JobId(ids.uuid(clock.instant())),
                specHash,
                hub.token(),
                spec.price().max(),
                spec.borders(),
                spec.verification().quorum(),
                false,
                now.getEpochSecond(),
                now.getEpochSecond() + priced.orderSeconds());
        return new Quote(
                spec,
                specHash,
                priced.borders(),
                priced.units(),
                priced.replicas(),
                priced.quorum(),
                priced.pricePerReplica(),
                priced.maximum(),
                order,
                priced.candidates(),
                priced.estimate(),
                warnings(priced.warnings(), known, record),
                now.plus(validity));
    }

    private static List<String> warnings(List<String> priced, KnownOffers known, RequesterReputation record) {
        var warnings = new ArrayList<>(priced);
        if (!known.complete()) {
            warnings.add(
                    "Expected to price this by all offers, but there are more than the %d that this hub reads; others may ask less"
                            .formatted(known.live().size()));
        }
        if (!record.isFair()) {
            warnings.add(
                    "Expected a builder's fairness to be at least %s, but yours is %s: the first owner that finds this job at fault, or sees it crash, ends it; `perigee record` shows why"
                            .formatted(RequesterReputation.FAIR, record.fairness()));
        }
        return warnings;
    }

    private JobSpec read(JsonNode human) {
        return switch (SpecParser.parse(human, new Names())) {
            case SpecParser.Result.Valid(var spec) -> spec;
            case SpecParser.Result.Invalid(var violations) -> throw OrderRules.invalid(violations);
        };
    }

    /** Names of this hub; models and datasets are known by their digest until there is a repository of them. */
    private final class Names implements SpecResolver {
        @Override
        public Optional<Trainer> trainer(String name) {
            return trainers.find(name).map(known -> new Trainer(known.image()));
        }

        @Override
        public Optional<ContentId> model(String reference) {
            return digest(reference);
        }

        @Override
        public Optional<ContentId> dataset(String reference) {
            return digest(reference);
        }

        @Override
        public int tokenDecimals() {
            return hub.tokenDecimals();
        }

        private Optional<ContentId> digest(String reference) {
            var at = reference.lastIndexOf('@');
            try {
                return at < 0 ? Optional.empty() : Optional.of(ContentId.parse(reference.substring(at + 1)));
            } catch (InvalidValue notADigest) {
                return Optional.empty();
            }
        }
    }
}
