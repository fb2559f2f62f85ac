package io.perigee.testkit.sample;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.Offer;
import java.time.Instant;
import java.util.List;

/**
 * A provider of the strict class.
 *
 * @param perMillionTokens what it asks
 * @param slots how many attempts it runs at once
 */
public record SampleProvider(String name, String owner, long perMillionTokens, int slots) {
    private static final long FAR = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond();

    /** A provider of its own owner. */
    public static SampleProvider of(String name) {
        return new SampleProvider(name, name, 100_000, 1);
    }

    public SampleProvider asking(long perMillionTokens) {
        return new SampleProvider(name, owner, perMillionTokens, slots);
    }

    public SampleProvider ownedBy(String owner) {
        return new SampleProvider(name, owner, perMillionTokens, slots);
    }

    public SampleProvider withSlots(int slots) {
        return new SampleProvider(name, owner, perMillionTokens, slots);
    }

    public ProviderId id() {
        return ProviderId.parse(Parties.digest("provider " + name).value());
    }

    public KeyPair wallet() {
        return Parties.key("wallet " + owner);
    }

    public KeyPair session() {
        return Parties.key("session " + name);
    }

    public Address address() {
        return wallet().address();
    }

    public SessionKey sessionKey() {
        return new SessionKey(address(), id(), session().address(), Parties.HUB.address(), 1, 0, FAR);
    }

    public Signature sessionKeySignature() {
        return Parties.sign(wallet(), sessionKey().digest(Parties.DOMAIN));
    }

    public Offer offer() {
        return new Offer(
                new Hardware("linux", "amd64", "test", 4, List.of()),
                List.of(NumericClass.STRICT),
                List.of(),
                Amount.of(perMillionTokens),
                Amount.of(3_600),
                slots,
                8_000_000_000L,
                50_000_000_000L,
                4,
                List.of(),
                "");
    }

    public ProviderOnline online() {
        return new ProviderOnline(id(), address(), sessionKey(), sessionKeySignature(), offer());
    }
}
