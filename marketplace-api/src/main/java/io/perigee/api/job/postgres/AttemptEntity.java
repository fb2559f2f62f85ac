package io.perigee.api.job.postgres;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Written by the projection of the log; progress by the gateway. */
@Entity
@Table(name = "attempt")
class AttemptEntity {
    @EmbeddedId
    AttemptKey id;

    @Column(name = "assignment_hash")
    String assignmentHash;

    String state;

    String assignment;

    BigDecimal paid;

    @Nullable
    String commitment;

    @Nullable
    String opening;

    @Nullable
    Integer border;

    @Nullable
    String progress;

    @Column(name = "failure_kind")
    @Nullable
    String failureKind;

    @Column(name = "exit_code")
    @Nullable
    Integer exitCode;

    @Nullable
    String detail;
}
