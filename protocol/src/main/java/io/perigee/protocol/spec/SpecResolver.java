package io.perigee.protocol.spec;

import io.perigee.protocol.id.ContentId;
import java.util.Optional;

/** Turns names in a human spec into content ids. The hub answers from what it offers and stores; the rules stay pure. */
public interface SpecResolver {
    /** The image of a shipped trainer. */
    record Trainer(ContentId image) {}

    /** Looks up a trainer by the name in {@code trainer:}. */
    Optional<Trainer> trainer(String name);

    /** Resolves "model://name" or "model://name@sha256:…"; a plain "sha256:…" never comes here. */
    Optional<ContentId> model(String reference);

    /** Resolves "dataset://name" or "dataset://name@sha256:…". */
    Optional<ContentId> dataset(String reference);

    /** The decimals of the settlement token, for {@code price.max}. */
    int tokenDecimals();
}
