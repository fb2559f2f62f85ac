package io.perigee.api.projection;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fact as people read it.
 *
 * @param actor who decided it
 * @param links names to hashes
 */
public record Words(String actor, @Nullable String cause, String detail, Map<String, String> links) {
    public Words {
        links = Map.copyOf(links);
    }

    static Words of(String actor, String detail) {
        return new Words(actor, null, detail, Map.of());
    }

    Words because(String reason) {
        return new Words(actor, reason, detail, links);
    }

    Words linking(String name, Object target) {
        var more = new java.util.HashMap<>(links);
        more.put(name, target.toString());
        return new Words(actor, cause, detail, more);
    }
}
