package io.perigee.api.job;

import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Finds out for which other chain orders were signed, only to name the mistake. Whoever makes it makes it with every order: of
 * those that are judged together the first is tried with all chains, the others with what was found then. To try one costs
 * as much as to judge an order.
 */
final class WrongChain {
    /** Chains people sign for by mistake. */
    private static final long[] KNOWN = {
        1L, 10L, 56L, 100L, 137L, 1_337L, 8_453L, 31_337L, 42_161L, 84_532L, 11_155_111L
    };

    private long[] candidates = KNOWN;

    /** @param signedFor whether the order is signed for a chain */
    OptionalLong find(LongPredicate signedFor) {
        var found = LongStream.of(candidates).filter(signedFor).findFirst();
        if (candidates == KNOWN) {
            candidates = found.stream().toArray();
        }
        return found;
    }
}
