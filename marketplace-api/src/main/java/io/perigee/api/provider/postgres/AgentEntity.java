package io.perigee.api.provider.postgres;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.ProviderView;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Read here; written by the gateway. */
@Entity
@Table(name = "agent")
class AgentEntity {
    @Id
    String provider;

    String owner;

    String offer;

    boolean online;

    @Column(name = "seen_at")
    Instant seenAt;

    ProviderView toView() {
        return new ProviderView(
                new ProviderId(provider), new Address(owner), online, Json.read(offer, Offer.class), seenAt);
    }
}
