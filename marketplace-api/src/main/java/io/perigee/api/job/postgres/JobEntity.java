package io.perigee.api.job.postgres;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Written at intake, then by the projection of the log. */
@Entity
@Table(name = "job")
class JobEntity {
    @Id
    UUID id;

    String builder;

    String name;

    String state;

    @Nullable
    String outcome;

    @Nullable
    String cause;

    @Nullable
    String detail;

    String spec;

    @Column(name = "spec_hash")
    String specHash;

    @Column(name = "job_order")
    String order;

    @Column(name = "order_hash")
    String orderHash;

    @Column(name = "order_signature")
    String orderSignature;

    @Column(name = "max_payment")
    BigDecimal maxPayment;

    BigDecimal reserved;

    BigDecimal paid;

    BigDecimal refunded;

    @Column(name = "verified_to")
    int verifiedTo;

    @Nullable
    String payable;

    String transactions;

    @Nullable
    Integer epoch;

    @Column(name = "epoch_transaction")
    @Nullable
    String epochTransaction;

    @Column(name = "epoch_final_at")
    @Nullable
    Instant epochFinalAt;

    @Nullable
    String outputs;

    @Nullable
    String checkpoint;

    @Column(name = "state_until")
    @Nullable
    Instant stateUntil;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "updated_at")
    Instant updatedAt;
}
