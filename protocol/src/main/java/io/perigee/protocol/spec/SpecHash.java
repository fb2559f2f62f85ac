package io.perigee.protocol.spec;

import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Digest;

/** The name of a spec in signed messages. */
public final class SpecHash {
    private SpecHash() {}

    /** keccak256 of the spec's canonical bytes. */
    public static Digest of(JobSpec spec) {
        return Keccak256.hash(CanonicalJson.bytes(spec));
    }
}
