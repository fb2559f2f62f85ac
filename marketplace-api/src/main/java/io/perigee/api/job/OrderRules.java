package io.perigee.api.job;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.hub.Trainers;
import io.perigee.api.problem.Refused;
import io.perigee.api.provider.KnownOffers;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecLimits;
import io.perigee.protocol.spec.SpecRules;
import io.perigee.protocol.spec.Violation;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a spec, and an order for it, must keep to become a job here. Every method refuses by throwing. */
@Singleton
public final class OrderRules {
    /** A megabyte of unknown keys would be answered with five. */
    private static final int VIOLATIONS_SHOWN = 100;

    /** What an agent loads by default: who orders more would have every owner fail, and be blamed for it. */
    public static final long LARGEST_IMAGE = SpecLimits.IMAGE;

    private final HubFacts hub;
    private final Trainers trainers;

    OrderRules(HubFacts hub, Trainers trainers) {
        this.hub = hub;
        this.trainers = trainers;
    }

    /**
     * The rules about the order that need nothing but the request, for a spec that was checked and has this hash.
     *
     * @param wrongChain of the orders that are judged together
     */
    void order(SubmitRequest request, Digest specHash, Address builder, WrongChain wrongChain, Instant now) {
        var order = request.order();
        if (!order.builder().equals(builder)) {
            throw new Refused(
                    ErrorCode.FORBIDDEN,
                    "Expected an order of '%s', who is signed in, but its builder is '%s'"
                            .formatted(builder, order.builder()));
        }
        if (!order.hub().equals(hub.address())) {
            throw new Refused(
                    ErrorCode.WRONG_HUB,
                    "Expected an order for hub '%s', but it is for '%s'".formatted(hub.address(), order.hub()));
        }
        signature(request, wrongChain);
        same("specHash", specHash, order.specHash());
        same("token", hub.token(), order.token());
        same("maxPayment", request.spec().price().max(), order.maxPayment());
        same("segments", request.spec().borders(), order.segments());
        same("quorum", request.spec().verification().quorum(), order.quorum());
        times(request.spec(), order, now);
    }

    /** What this hub runs. */
    void spec(JobSpec spec) {
        var violations = new ArrayList<>(SpecRules.check(spec));
        if (spec.imageSource().equals("trainer")
                && !trainers.find(spec.trainer())
                        .map(known -> known.image().equals(spec.image()))
                        .orElse(false)) {
            violations.add(new Violation(
                    "image",
                    "the image of trainer '%s'".formatted(spec.trainer()),
                    spec.image().value(),
                    "ask for a new quote; GET /api/v1/hub lists the trainers"));
        }
        if (!violations.isEmpty()) {
            throw invalid(violations);
        }
        if (spec.imageSource().startsWith("registry:")) {
            throw new Refused(
                    ErrorCode.UNSUPPORTED,
                    "Expected the image of a trainer or an uploaded one, but '%s' is in a registry, which this hub does not pull from yet"
                            .formatted(spec.imageSource()));
        }
    }

    /**
     * The rules about what is stored and offered.
     *
     * @param maximum what the spec costs at most; asked only when all else is well
     */
    void check(JobSpec spec, Address builder, JobBook.Situation situation, Supplier<Amount> maximum) {
        inputs(spec, situation.directories(), situation.files());
        if (!situation.available().covers(spec.price().max())) {
            throw new Refused(
                    ErrorCode.ALLOTMENT_TOO_SMALL,
                    "Expected the allotment of '%s' to this hub to cover %s, but only %s of it is free"
                            .formatted(builder, spec.price().max(), situation.available()));
        }
        price(spec, maximum.get());
    }

    /** What a spec must allow for by the offers there are, in use or not. */
    Amount maximum(JobSpec spec, @Nullable RunEstimate run, Address builder, JobBook.Situation situation, Instant now) {
        return maximum(spec, run, builder, situation.offers(), now);
    }

    /** The least that is of any use; what is not read may be cheaper, so then nothing is too low. */
    Amount maximum(JobSpec spec, @Nullable RunEstimate run, Address builder, KnownOffers known, Instant now) {
        return known.complete()
                ? Pricing.leastMaximum(spec, run, builder, known.forJob(spec), known.classes(), hub.policy(), now)
                : Amount.ZERO;
    }

    /** Every input must be there and the builder's to read. */
    void inputs(JobSpec spec, java.util.Set<ContentId> directories, java.util.Set<ContentId> files) {
        var missing = new ArrayList<Violation>();
        directory("base", spec.baseId(), directories, missing);
        directory("dataset", spec.datasetId(), directories, missing);
        spec.imageArtifact()
                .filter(id -> !files.contains(id))
                .ifPresent(id -> missing.add(new Violation(
                        "image",
                        "an uploaded docker-archive of at most %d bytes that you may read".formatted(LARGEST_IMAGE),
                        id.value(),
                        "upload it first; agents load no larger one unless their owners say so")));
        if (!missing.isEmpty()) {
            throw new Refused(
                    new Rejected(
                            ErrorCode.ARTIFACT_MISSING,
                            "Expected to find the inputs '%s', but they are not here, not yours to read, or too large"
                                    .formatted(String.join(
                                            "', '",
                                            missing.stream()
                                                    .map(Violation::path)
                                                    .toList()))),
                    missing);
        }
    }

    private static void directory(
            String path, Optional<ContentId> id, java.util.Set<ContentId> directories, List<Violation> missing) {
        id.filter(wanted -> !directories.contains(wanted))
                .ifPresent(wanted -> missing.add(new Violation(
                        path,
                        "an uploaded manifest that you may read",
                        wanted.value(),
                        "upload the files, then their manifest as application/vnd.perigee.manifest+json")));
    }

    void price(JobSpec spec, Amount maximum) {
        if (!spec.price().max().covers(maximum)) {
            throw new Refused(
                    ErrorCode.PRICE_TOO_LOW,
                    "Expected price.max to cover %s, the offers there are for every replica that can be due, but it is %s"
                            .formatted(maximum, spec.price().max()));
        }
    }

    static Refused invalid(List<Violation> violations) {
        var first = violations.getFirst();
        return new Refused(
                new Rejected(
                        ErrorCode.INVALID_SPEC,
                        "Expected '%s' to be %s, but it is %s%s"
                                .formatted(
                                        first.path(),
                                        first.expected(),
                                        first.actual(),
                                        violations.size() == 1
                                                ? ""
                                                : "; %d more are wrong".formatted(violations.size() - 1))),
                violations.subList(0, Math.min(violations.size(), VIOLATIONS_SHOWN)));
    }

    private void times(JobSpec spec, JobOrder order, Instant now) {
        var policy = hub.policy();
        var second = now.getEpochSecond();
        if (order.deadline() <= second) {
            throw new Refused(
                    ErrorCode.ORDER_EXPIRED,
                    "Expected an order that is still good, but its deadline %d was %d s ago"
                            .formatted(order.deadline(), second - order.deadline()));
        }
        if (order.validAfter() > second) {
            throw new Refused(
                    ErrorCode.ORDER_MISMATCH,
                    "Expected an order that is good now, but it is good in %d s"
                            .formatted(order.validAfter() - second));
        }
        var life = order.deadline() - order.validAfter();
        if (life > policy.maxOrderSeconds()) {
            throw new Refused(
                    ErrorCode.ORDER_MISMATCH,
                    "Expected an order to live at most %d s, but it lives %d s"
                            .formatted(policy.maxOrderSeconds(), life));
        }
        var least = Pricing.leastOrderSeconds(spec, policy);
        if (order.deadline() - second < least) {
            throw new Refused(
                    ErrorCode.ORDER_MISMATCH,
                    "Expected the order to leave %d s for one round of replicas and the window, but it leaves %d s"
                            .formatted(least, order.deadline() - second));
        }
    }

    private void signature(SubmitRequest request, WrongChain wrongChain) {
        var order = request.order();
        var domain = hub.domain();
        if (Signatures.isBy(order.builder(), order.digest(domain), request.orderSignature())) {
            return;
        }
        var chain = wrongChain.find(each -> signedFor(new Domain(each, domain.escrow()), request));
        if (chain.isPresent()) {
            throw new Refused(
                    ErrorCode.WRONG_CHAIN,
                    "Expected the order signed for chain %d, but it is signed for chain %d"
                            .formatted(domain.chainId(), chain.getAsLong()));
        }
        throw new Refused(
                ErrorCode.BAD_SIGNATURE,
                "Expected the order signed by '%s' for chain %d and escrow '%s', but the signature says something else"
                        .formatted(order.builder(), domain.chainId(), domain.escrow()));
    }

    private static boolean signedFor(Domain domain, SubmitRequest request) {
        Digest digest = request.order().digest(domain);
        return Signatures.isBy(request.order().builder(), digest, request.orderSignature());
    }

    private static void same(String field, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Refused(
                    ErrorCode.ORDER_MISMATCH,
                    "Expected the order's '%s' to be '%s' as its spec says, but it is '%s'"
                            .formatted(field, expected, actual));
        }
    }
}
