package io.perigee.settlement.watch;

/**
 * How the watcher reads.
 *
 * @param startBlock the block the contracts were deployed in; nothing before it is read
 * @param confirmations blocks on top of a block before its events count
 * @param range blocks per eth_getLogs far below the head
 * @param history blocks below the confirmed one that are remembered, to see even a reorganisation that should not happen; and
 *     how far below the head reading by range ends: there every node behind an endpoint has the blocks
 */
public record WatchLimits(long startBlock, int confirmations, int range, int history) {}
