package io.perigee.protocol.rest;

import io.perigee.protocol.id.Decimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far an attempt says it is. */
public record ProgressView(
        int attempt,
        int step,
        int steps,
        int border,
        @Nullable Decimal loss,
        @Nullable Decimal lr,
        @Nullable Decimal gradNorm,
        @Nullable Decimal tokensPerSecond,
        @Nullable Integer etaSeconds,
        Instant at) {}
