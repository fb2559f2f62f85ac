package io.perigee.agent.testing;

import io.perigee.agent.identity.Enrolment;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.SessionKey;
import java.security.SecureRandom;
import java.time.Instant;

/** The keys around one agent, and the chain they sign for. */
public record Parties(KeyPair hub, KeyPair builder, KeyPair owner, KeyPair agent, ProviderId provider, Domain domain) {

    public static Parties fresh() {
        var random = new SecureRandom();
        var id = new byte[32];
        random.nextBytes(id);
        return new Parties(
                KeyPair.create(random),
                KeyPair.create(random),
                KeyPair.create(random),
                KeyPair.create(random),
                ProviderId.of(id),
                new Domain(31337, Address.parse("0x00000000000000000000000000000000000e5c01")));
    }

    /** Another owner's provider at the same hub, for the same builder. */
    public Parties another() {
        var other = fresh();
        return new Parties(hub, builder, other.owner(), other.agent(), other.provider(), domain);
    }

    public Parties withAgent(KeyPair other) {
        return new Parties(hub, builder, owner, other, provider, domain);
    }

    public Enrolment enrolment(String hubUrl) {
        var now = Instant.now().getEpochSecond();
        var key = new SessionKey(owner.address(), provider, agent.address(), hub.address(), 1, now - 60, now + 86_400);
        return new Enrolment(key, owner.sign(key.digest(domain)), hubUrl, domain.chainId(), domain.escrow());
    }
}
