package io.perigee.market.kind;

import io.perigee.protocol.id.Digest;

/** In which numeric class replicas must run, so that their bits can agree. */
public sealed interface ClassDemand {

    /** All in exactly this class. */
    record Fixed(Digest numericClass) implements ClassDemand {}

    /** All in one class, whichever it is. */
    record AnyShared() implements ClassDemand {}

    /** No class is claimed; a difference then never costs a bond. The assignment carries the zero digest. */
    record Unclassed() implements ClassDemand {}
}
