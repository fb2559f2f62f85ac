package io.perigee.market.reputation;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.JobSpec;

/**
 * What a record is about. Somebody good on one class with one trainer has shown nothing about another.
 *
 * @param imageFamily the trainer's name, or the image's digest where it is the builder's own
 */
public record Field(Address owner, Digest numericClass, String imageFamily) {
    /** The trainer by name, or a builder's own image by digest. */
    public static String family(JobSpec spec) {
        return spec.trainer().isEmpty() ? spec.image().value() : spec.trainer();
    }
}
