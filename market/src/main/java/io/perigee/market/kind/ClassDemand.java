package io.perigee.market.kind;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import java.util.Set;
import java.util.stream.Stream;

/** In which numeric class replicas must run, so that their bits can agree. */
public sealed interface ClassDemand {
    /** The classes an offer has for it; none when it cannot run the work. */
    Stream<Digest> among(Offer offer);

    /** What the choice is open among; nothing where it is among all, or not open. */
    default Set<Digest> peopled() {
        return Set.of();
    }

    /** The same, where the choice is open only among these; among all when there are none. */
    default ClassDemand within(Set<Digest> peopled) {
        return this instanceof OfImage(var image, boolean gpu, var _) ? new OfImage(image, gpu, peopled) : this;
    }

    /** All in exactly this class. */
    record Fixed(Digest numericClass) implements ClassDemand {
        @Override
        public Stream<Digest> among(Offer offer) {
            return Stream.of(numericClass).filter(offer.numericClasses()::contains);
        }
    }

    /**
     * All in one class of this image.
     *
     * @param gpu whether one of its GPU classes, or one of the others
     * @param peopled those that enough owners stand behind; where there are none, any class will do
     */
    record OfImage(ContentId image, boolean gpu, Set<Digest> peopled) implements ClassDemand {
        public OfImage {
            peopled = Set.copyOf(peopled);
        }

        /** Whichever it is. */
        public OfImage(ContentId image, boolean gpu) {
            this(image, gpu, Set.of());
        }

        @Override
        public Stream<Digest> among(Offer offer) {
            return offer.images().stream()
                    .filter(held -> held.image().equals(image) && held.gpu() == gpu)
                    .map(ImageClass::numericClass)
                    .filter(offer.numericClasses()::contains)
                    .filter(its -> peopled.isEmpty() || peopled.contains(its));
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
