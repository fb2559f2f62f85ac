package io.perigee.market.kind;

import io.perigee.protocol.id.Digest;
import java.util.Map;
import java.util.Set;

/**
 * Of each image the classes that enough owners stand behind. A gang can name a class of its own for any image, run work in
 * it and audit itself there: so where an image has such classes, no other is chosen unless the builder names it.
 *
 * @param byImage whichever class it is ({@link ClassDemand.OfImage}); images without such classes are missing
 */
public record PeopledClasses(Map<ClassDemand, Set<Digest>> byImage) {
    /** As in a young market: any class will do. */
    public static final PeopledClasses NONE = new PeopledClasses(Map.of());

    public PeopledClasses {
        byImage = Map.copyOf(byImage);
    }

    /** Those that are open to a demand; none when any is. */
    public Set<Digest> of(ClassDemand demand) {
        return byImage.getOrDefault(demand.within(Set.of()), Set.of());
    }

    /** A demand for one of them. */
    public ClassDemand narrowed(ClassDemand demand) {
        return demand.within(of(demand));
    }
}
