package io.perigee.protocol.rest;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a provider got the work it got, of jobs that found providers lately, with its offer as it is now.
 *
 * @param seen jobs that were looked at
 * @param matched of them, those that it ran
 * @param lost for each constraint, how many of the others it lost, most first
 * @param atPrice null when no other price alone would have brought a job
 * @param since from when on jobs were looked at
 * @param all false when there were more than are looked at; these are then the newest
 */
public record ProviderWhy(
        ProviderId provider,
        boolean online,
        int seen,
        int matched,
        List<Lost> lost,
        @Nullable AtPrice atPrice,
        Instant since,
        boolean all) {
    public ProviderWhy {
        lost = List.copyOf(lost);
    }

    /** @param constraint the part of the spec that lost them; "price" when others were cheaper */
    public record Lost(String constraint, int jobs) {}

    /**
     * The price that would have earned most, and how many more jobs it would have brought.
     *
     * @param per what it is the price of: the jobs are those that are paid by that
     */
    public record AtPrice(Amount price, PricePer per, int jobs) {}

    /** What an offer asks a price for. */
    public enum PricePer {
        MILLION_TOKENS,
        HOUR
    }
}
