package io.perigee.market.lifecycle;

import java.util.Arrays;

/** Why a job ends before a quorum agreed on the whole. The name travels as the reason of {@code RevealRequested}. */
public enum Ending {
    /** The builder cancelled. */
    CANCELLED,
    /** A deadline passed. */
    EXPIRED,
    /** The replicas differ and nobody can decide any more. */
    NO_QUORUM,
    /** More attempts were lost than the policy repeats. */
    PROVIDERS_LOST;

    static Ending ofReason(String reason) {
        return Arrays.stream(values())
                .filter(ending -> ending.name().equals(reason))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("Expected a reason to end a job, but got '%s'".formatted(reason)));
    }
}
