package io.perigee.market.verification;

import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Digest;

/** What one replica says about the job. Equal answers agree. */
public sealed interface Answer {

    /** It ran from border to border with this result. */
    record Result(int fromBorder, int border, Digest root, Digest outputDigest) implements Answer {}

    /** The job itself is at fault, so everybody honest says the same: a bad spec, bad data, a broken image. */
    record JobFault(FailureKind kind) implements Answer {}
}
