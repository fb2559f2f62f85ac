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

    /** All events of these contracts in the blocks from {@code from} to {@code to}, both included, in chain order. */
    List<ChainLog> logs(long from, long to, List<Address> emitters);

    /** Where a transaction stands in the canonical chain now, or empty when it is in no block. */
    Optional<Inclusion> inclusion(Digest transaction);

    /** Asks a contract's view as it stood after a block. */
    byte[] view(Call call, long block);
}
