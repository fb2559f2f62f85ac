package io.perigee.market.reputation;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.math.BigInteger;

/**
 * How often a job without segments is replicated: always until a provider has ten verified outcomes, then with
 * probability 1/v as BOINC does, but never below a floor, and never so seldom that cheating would pay. A crash changes
 * nothing here; a cheat starts at zero again.
 */
public final class AdaptiveReplication {
    /** Verified outcomes below which everything is replicated. */
    public static final int TRUSTED_FROM = 10;

    private static final long MILLION = 1_000_000;
    private static final long FLOOR = 50_000;

    private AdaptiveReplication() {}

    /**
     * p = max(1/v, 5 %, C / (S + R)), in parts per million.
     *
     * @param cost what the job costs the provider, C
     * @param atRisk what it loses when caught: stake and pay, S + R
     */
    public static long perMillion(int verified, Amount cost, Amount atRisk) {
        if (verified < TRUSTED_FROM || !atRisk.covers(cost) || atRisk.isZero()) {
            return MILLION;
        }
        long deterrence = cost.mulDivCeil(MILLION, 1)
                .value()
                .add(atRisk.value().subtract(BigInteger.ONE))
                .divide(atRisk.value())
                .longValueExact();
        return Math.max(FLOOR, Math.max(MILLION / verified, deterrence));
    }

    /** Whether this job is replicated; the seed is public after the verdict. */
    public static boolean replicates(long perMillion, Digest seed) {
        var ticket = new BigInteger(1, Keccak256.hash(seed.bytes()).bytes()).mod(BigInteger.valueOf(MILLION));
        return ticket.longValueExact() < perMillion;
    }
}
