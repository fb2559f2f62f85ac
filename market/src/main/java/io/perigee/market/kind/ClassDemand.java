package io.perigee.market.kind;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import java.util.stream.Stream;

/** In which numeric class replicas must run, so that their bits can agree. */
public sealed interface ClassDemand {
    /** The classes an offer has for it; none when it cannot run the work. */
    Stream<Digest> among(Offer offer);

    /** All in exactly this class. */
    record Fixed(Digest numericClass) implements ClassDemand {
        @Override
        public Stream<Digest> among(Offer offer) {
            return Stream.of(numericClass).filter(offer.numericClasses()::contains);
        }
    }

    /**
     * All in one class of this image, whichever it is.
     *
     * @param gpu whether one of its GPU classes, or one of the others
     */
    record OfImage(ContentId image, boolean gpu) implements ClassDemand {
        @Override
        public Stream<Digest> among(Offer offer) {
            return offer.images().stream()
                    .filter(held -> held.image().equals(image) && held.gpu() == gpu)
                    .map(ImageClass::numericClass)
                    .filter(offer.numericClasses()::contains);
        }
    }

    /** No class is claimed; a difference then never costs a bond. The assignment carries the zero digest. */
    record Unclassed() implements ClassDemand {
        @Override
        public Stream<Digest> among(Offer offer) {
            return Stream.of(Digest.ZERO);
        }
    }
}
