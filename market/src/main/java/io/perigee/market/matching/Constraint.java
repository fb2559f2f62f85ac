package io.perigee.market.matching;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an offer must keep to be chosen. The path is the part of the spec, or of the market, that asks for it. */
enum Constraint {
    OWNER("placement.excludeOwners", "belong to the builder, are excluded, or already ran this job") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return !request.excludedOwners().contains(view.owner());
        }
    },
    NUMERIC_CLASS("placement.numericClass", "do not run the numeric class") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return request.demand().among(view.offer()).findAny().isPresent();
        }
    },
    GPU("resources.gpu", "have no such GPUs free") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            var need = spec.resources().gpu();
            if (need.count() == 0) {
                return true;
            }
            long vram = Math.max(need.vramMin(), request.required());
            return Room.fitting(view.offer(), need, vram) - view.usedGpus() >= need.count();
        }
    },
    CPU("resources.cpu", "lend fewer processors") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.offer().cpus() >= spec.resources().cpu();
        }
    },
    MEMORY("resources.memory", "lend less memory") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.offer().memory() >= spec.resources().memory();
        }
    },
    ESTIMATE("estimate.memory", "have less memory than one run is estimated to need") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return Room.of(view.offer(), spec.resources().gpu()) >= request.required();
        }
    },
    DISK("resources.disk", "lend less disk") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.offer().disk() >= spec.resources().disk();
        }
    },
    REGION("placement.regions", "are in another region") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return spec.placement().regions().isEmpty()
                    || spec.placement().regions().contains(view.offer().region());
        }
    },
    REPUTATION("placement.minReputation", "have too little reputation") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.reputation().compareTo(spec.placement().minReputation()) >= 0;
        }
    },
    PRICE("price.max", "ask more than price.max covers") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return request.attemptCeiling().covers(Pricing.attempt(spec, view.offer()));
        }
    },
    STAKE("stake", "have too little free stake for the bond") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            Amount bond = Pricing.attempt(spec, view.offer()).mulDivCeil(request.bondPercent(), 100);
            return !view.freeStake().isZero() && view.freeStake().covers(bond);
        }
    },
    REGISTRATION("registration", "are not registered on chain by their owner") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.standing() != Standing.UNREGISTERED;
        }
    },
    CONVICTION("record", "belong to owners that were proven wrong not long ago, or in doubt too often") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.standing() != Standing.CONVICTED;
        }
    },
    SESSION_KEY("sessionKey", "have a session key that is revoked or does not cover the lease") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.standing() != Standing.REVOKED
                    && view.sessionKey().notBefore() <= request.issuedAt().getEpochSecond()
                    && view.sessionKey().expiresAt() >= request.leaseUntil().getEpochSecond();
        }
    },
    ASIDE("declined", "have declined work not long ago") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.asideUntil() == null || !view.asideUntil().isAfter(request.issuedAt());
        }
    },
    SLOTS("slots", "are busy") {
        @Override
        boolean keeps(OfferView view, JobSpec spec, PlacementRequest request) {
            return view.offer().slots() > view.usedSlots();
        }
    };

    private static final List<Constraint> ALL = List.of(values());

    private final String path;
    private final String words;

    Constraint(String path, String words) {
        this.path = path;
        this.words = words;
    }

    abstract boolean keeps(OfferView view, JobSpec spec, PlacementRequest request);

    String path() {
        return path;
    }

    String words() {
        return words;
    }

    static boolean allKept(OfferView view, JobSpec spec, PlacementRequest request) {
        return allKept(view, spec, request, null);
    }

    /** @param except what is no matter; null when everything is */
    static boolean allKept(OfferView view, JobSpec spec, PlacementRequest request, @Nullable Constraint except) {
        for (var constraint : ALL) {
            if (constraint != except && !constraint.keeps(view, spec, request)) {
                return false;
            }
        }
        return true;
    }
}
