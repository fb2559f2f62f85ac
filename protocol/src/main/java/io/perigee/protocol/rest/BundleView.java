package io.perigee.protocol.rest;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.Bundle;
import org.jspecify.annotations.Nullable;

/** A finished job's proof and where its files are. */
public record BundleView(
        Bundle bundle,
        @Nullable ContentId outputs,
        @Nullable ContentId checkpoint) {}
