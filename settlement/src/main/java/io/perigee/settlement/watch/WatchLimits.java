package io.perigee.settlement.watch;

/**
 * How the watcher reads.
 *
 * @param startBlock the block the contracts were deployed in; nothing before it is read
 * @param confirmations blocks on top of a block before its events count
 * @param range blocks per eth_getLogs
 * @param history blocks below the confirmed one that are remembered, to see even a reorganisation that should not happen
 */
public record WatchLimits(long startBlock, int confirmations, int range, int history) {}
