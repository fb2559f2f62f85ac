package io.perigee.api.session.postgres;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "challenge")
class ChallengeEntity {
    @Id
    String nonce;

    String address;

    @Column(name = "expires_at")
    Instant expiresAt;
}
