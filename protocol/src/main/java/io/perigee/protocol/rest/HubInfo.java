package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import java.util.List;

/**
 * Who the hub is, and everything a client must know before it signs.
 *
 * @param windowSeconds the settlement window W
 * @param maxOrderSeconds longest life of an order
 * @param rpcUrl a chain endpoint for clients; empty when the hub names none
 */
public record HubInfo(
        Address hub,
        long chainId,
        Address escrow,
        Address registry,
        Address epochs,
        Address token,
        String tokenSymbol,
        int tokenDecimals,
        long windowSeconds,
        long maxOrderSeconds,
        String rpcUrl,
        List<TrainerInfo> trainers) {
    public HubInfo {
        trainers = List.copyOf(trainers);
    }
}
