package io.perigee.market.matching;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.testkit.sample.SampleProvider;

/** What matching sees of a provider that has staked and has shown nothing yet. */
final class SampleView {
    private static final Amount STAKE = Amount.of(1_000_000);

    private SampleView() {}

    static OfferView of(SampleProvider provider) {
        return of(provider, 0);
    }

    /** @param used how many of its slots others have */
    static OfferView of(SampleProvider provider, int used) {
        return new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                provider.offer(),
                STAKE,
                used,
                0,
                Decimal.ZERO,
                Standing.GOOD);
    }
}
