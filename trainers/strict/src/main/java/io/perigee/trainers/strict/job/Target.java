package io.perigee.trainers.strict.job;

import java.util.Optional;

/** The projections of a Llama layer that can carry an adapter. */
public enum Target {
    Q("self_attn", "q_proj"),
    K("self_attn", "k_proj"),
    V("self_attn", "v_proj"),
    O("self_attn", "o_proj"),
    GATE("mlp", "gate_proj"),
    UP("mlp", "up_proj"),
    DOWN("mlp", "down_proj");

    private final String block;
    private final String projection;

    Target(String block, String projection) {
        this.block = block;
        this.projection = projection;
    }

    /** As builders write it: {@code q_proj}. */
    public String projection() {
        return projection;
    }

    /** The module's name below its layer: {@code self_attn.q_proj}. */
    public String module() {
        return block + "." + projection;
    }

    public static Optional<Target> named(String projection) {
        for (Target target : values()) {
            if (target.projection.equals(projection)) {
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }
}
