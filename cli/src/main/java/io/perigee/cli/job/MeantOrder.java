package io.perigee.cli.job;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a proof is of the order that is meant. The proof cannot say: one of another job, or one that a hub made up with keys
 * of its own, is as sound.
 *
 * @param kept the hash of the order that was signed here for the proof's job
 * @param order the hash that the user names
 * @param builder whom the user names
 */
record MeantOrder(Optional<Digest> kept, Optional<Digest> order, Optional<Address> builder) {

    List<Check> checks(Bundle bundle) {
        var found = bundle.order().digest(bundle.domain());
        var checks = new ArrayList<Check>();
        kept.ifPresent(hash -> checks.add(is("the order is the one that was signed here", hash, found)));
        order.ifPresent(hash -> checks.add(is("the order is the one that you named", hash, found)));
        builder.ifPresent(who -> checks.add(
                is("the builder is the one that you named", who, bundle.order().builder())));
        return checks;
    }

    /** What nothing was known about. An order's hash stands for its builder, too. */
    List<String> unchecked() {
        if (kept.isPresent() || order.isPresent()) {
            return List.of();
        }
        var which = "which order this proves: none was signed here for its job; name it with --order HASH";
        return builder.isPresent()
                ? List.of(which)
                : List.of(which, "whose order it is: name the builder with --builder ADDRESS");
    }

    private static Check is(String name, Object meant, Object found) {
        boolean same = meant.equals(found);
        return new Check(name, same, same ? found.toString() : "it is %s instead of %s".formatted(found, meant));
    }
}
