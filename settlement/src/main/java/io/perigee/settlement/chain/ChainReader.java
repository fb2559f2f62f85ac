package io.perigee.settlement.chain;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.Optional;

/**
 * Reads the chain. Every call returns within the node's timeout or throws {@link ChainUnavailable}; no answer is final
 * by itself, since blocks near the head can still be replaced.
 */
public interface ChainReader {
    Block head();

    /** The block of the canonical chain with this number, or empty above the head. */
    Optional<Block> block(long number);

    /**
     * All events of these contracts in the blocks from {@code from} to {@code to}, both included, in chain order. A node
     * that does not have the newest of them yet answers as if nothing had happened there: ask far below the head only.
     */
    List<ChainLog> logs(long from, long to, List<Address> emitters);

    /**
     * All events of these contracts in one block, in chain order.
     *
     * @throws ChainUnavailable also when the node does not have this very block
     */
    List<ChainLog> logs(Block block, List<Address> emitters);

    /** Where a transaction stands in the canonical chain now, or empty when it is in no block. */
    Optional<Inclusion> inclusion(Digest transaction);

    /** Asks a contract's view as it stood after a block. */
    byte[] view(Call call, long block);
}
