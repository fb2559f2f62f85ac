package io.perigee.market.matching;

import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.Levels.Field;
import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;

/**
 * What a job needs, in the form that a search compares: made once for a job, and then asked without making anything.
 *
 * @param start where its turns begin
 * @param excluded numbers of the owners that may not be chosen
 * @param floor levels below which an offer does not do; the group adds the GPUs
 * @param ceiling levels from which it surely does, and 0 when no level says that
 * @param highestPrice that the request's ceiling covers
 * @param lastRate bits of the highest rate at which an offer that never fails is cheap enough
 * @param surePrice a rate up to which the price is surely covered
 * @param sureStake from which an owner can put up every bond that can be due
 * @param owners how many were known when it was made
 */
public record Need(
        PlacementRequest request,
        JobSpec spec,
        Tariff tariff,
        Shape shape,
        long start,
        int[] excluded,
        long floor,
        long ceiling,
        BigInteger highestPrice,
        long lastRate,
        long surePrice,
        long sureStake,
        int owners) {
    private static final BigInteger ANY_PRICE = BigInteger.TWO.pow(300);
    private static final BigInteger EXACT = BigInteger.valueOf(ExpectedRate.EXACT - 1);
    private static final BigInteger LONG = BigInteger.valueOf(Long.MAX_VALUE);

    static Need of(PlacementRequest request, JobSpec spec, Shape shape, int[] excluded, int owners) {
        var tariff = WorkKinds.of(spec).tariff(spec);
        var highest = highestPrice(request, tariff);
        return new Need(
                request,
                spec,
                tariff,
                shape,
                Turn.start(request.seed()),
                excluded,
                floor(request, spec, highest),
                ceiling(request, spec),
                highest,
                ordered(ExpectedRate.of(highest, OfferView.RELIABLE)),
                ordered(highest.min(EXACT).doubleValue()),
                sureStake(request),
                owners);
    }

    /** Whether it was made from the groups, and from all the owners it excludes, that there are now. */
    boolean holds(long generation, int ownersNow) {
        return shape.generation() == generation
                && (owners == ownersNow
                        || excluded.length == request.excludedOwners().size());
    }

    /** Bits of the highest rate at which an offer that is at least so reliable can still be cheap enough. */
    long lastRate(int leastReliability) {
        return leastReliability == OfferView.RELIABLE
                ? lastRate
                : ordered(ExpectedRate.of(highestPrice, leastReliability));
    }

    /** Bits of positive doubles are ordered as these are. */
    private static long ordered(double rate) {
        return Double.doubleToRawLongBits(rate);
    }

    /** For as much of the work as an offer's price is for. */
    static BigInteger highestPrice(PlacementRequest request, Tariff tariff) {
        var ceiling = request.attemptCeiling().value().multiply(BigInteger.valueOf(tariff.per()));
        return tariff.count() == 0 ? ANY_PRICE : ceiling.divide(BigInteger.valueOf(tariff.count()));
    }

    private static long sureStake(PlacementRequest request) {
        var percent = BigInteger.valueOf(request.bondPercent());
        var hundredfold = request.attemptCeiling().value().multiply(percent);
        var bond = hundredfold.add(BigInteger.valueOf(99)).divide(BigInteger.valueOf(100));
        return bond.max(BigInteger.ONE).min(LONG).longValueExact();
    }

    private static long floor(PlacementRequest request, JobSpec spec, BigInteger highestPrice) {
        var resources = spec.resources();
        return Field.FREE.at(1)
                | Field.REPUTATION.at(Levels.reputation(spec.placement().minReputation(), false))
                | Field.CPU.at(Levels.count(resources.cpu(), false))
                | Field.MEMORY.at(Levels.size(memory(request, spec), false))
                | Field.DISK.at(Levels.size(resources.disk(), false))
                | Field.CHEAPNESS.at(Levels.cheapness(highestPrice))
                | Field.KEY_LIFE.at(Levels.keyLife(request.leaseUntil().getEpochSecond(), false));
    }

    private static long ceiling(PlacementRequest request, JobSpec spec) {
        var resources = spec.resources();
        long reputation = Levels.reputation(spec.placement().minReputation(), true);
        long cpu = Levels.count(resources.cpu(), true);
        long memory = Levels.size(memory(request, spec), true);
        long disk = Levels.size(resources.disk(), true);
        long keyLife = Levels.keyLife(request.leaseUntil().getEpochSecond(), true);
        return reputation <= Field.REPUTATION.top()
                        && cpu <= Field.CPU.top()
                        && memory <= Field.MEMORY.top()
                        && disk <= Field.DISK.top()
                        && keyLife <= Field.KEY_LIFE.top()
                ? Field.FREE.at(1)
                        | Field.REPUTATION.at(reputation)
                        | Field.CPU.at(cpu)
                        | Field.MEMORY.at(memory)
                        | Field.DISK.at(disk)
                        | Field.KEY_LIFE.at(keyLife)
                : 0;
    }

    /** What an offer must lend; a job of GPUs is held to its estimate by their memory. */
    static long memory(PlacementRequest request, JobSpec spec) {
        long asked = spec.resources().memory();
        return spec.resources().gpu().count() == 0 ? Math.max(asked, request.required()) : asked;
    }

    /** Looks at the offer itself, apart from its group and its owner. */
    boolean keeps(OfferView view, int freeGpus) {
        var offer = view.offer();
        var resources = spec.resources();
        return offer.cpus() >= resources.cpu()
                && offer.memory() >= memory(request, spec)
                && offer.disk() >= resources.disk()
                && offer.gpus().size() - view.usedGpus() >= freeGpus
                && tariff.price(offer).value().compareTo(highestPrice) <= 0
                && Constraint.SESSION_KEY.keeps(view, spec, request)
                && Constraint.ASIDE.keeps(view, spec, request)
                && Constraint.REPUTATION.keeps(view, spec, request);
    }

    boolean isSurelyCovered(long stake) {
        return stake >= sureStake && sureStake < Long.MAX_VALUE;
    }

    /** Whether an owner with so much stake free can put up the bond; it is given as a long too, as far as that goes. */
    boolean canBond(OfferView view, long stake, Amount free) {
        return isSurelyCovered(stake) || stake > 0 && covers(stake, free, tariff.price(view.offer()));
    }

    private boolean covers(long stake, Amount free, Amount price) {
        int percent = request.bondPercent();
        if (price.value().bitLength() + bits(tariff.count()) + bits(percent) < Long.SIZE - 1) {
            long attempt = Math.ceilDiv(price.value().longValue() * tariff.count(), tariff.per());
            return stake >= Math.ceilDiv(attempt * percent, 100);
        }
        return free.covers(price.mulDivCeil(tariff.count(), tariff.per()).mulDivCeil(percent, 100));
    }

    private static int bits(long number) {
        return Long.SIZE - Long.numberOfLeadingZeros(number);
    }
}
