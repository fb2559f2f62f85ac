package io.perigee.protocol.message;

import io.perigee.protocol.id.Digest;

/** Machines whose bits agree share a numeric class, named by a digest. */
public final class NumericClass {
    /** The pure-Java trainer: the same bits on every machine. */
    public static final Digest STRICT = Domain.type("perigee.class.strict.v1");

    private NumericClass() {}
}
