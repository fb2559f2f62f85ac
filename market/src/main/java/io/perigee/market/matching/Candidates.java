package io.perigee.market.matching;

import java.util.stream.IntStream;

/** Slots of offers below a node, one after the other as they are wanted. */
final class Candidates {
    private final RateNodes nodes;
    private long looked;

    Candidates(RateNodes nodes) {
        this.nodes = nodes;
    }

    /** Entries looked at since the beginning. */
    long looked() {
        return looked;
    }

    /** All of them, the busy ones too. */
    IntStream all(int node) {
        return node == RateNodes.NONE
                ? IntStream.empty()
                : IntStream.range(0, nodes.size(node)).flatMap(at -> {
                    looked++;
                    return nodes.isLeaf(node) ? IntStream.of(nodes.child(node, at)) : all(nodes.child(node, at));
                });
    }

    /** Those that are free and may have what is needed. Nodes must be summed up. */
    IntStream free(int node, long floor) {
        return node == RateNodes.NONE
                ? IntStream.empty()
                : IntStream.range(0, nodes.size(node))
                        .filter(at -> mayDo(node, at, floor))
                        .flatMap(at -> nodes.isLeaf(node)
                                ? IntStream.of(nodes.child(node, at))
                                : free(nodes.child(node, at), floor));
    }

    private boolean mayDo(int node, int at, long floor) {
        looked++;
        return Levels.cover(nodes.levels(node, at), floor);
    }
}
