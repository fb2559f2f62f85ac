package io.perigee.settlement.chain;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import java.util.List;

/** One event as the node reports it, not yet decoded. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ChainLog(
        Address emitter,
        List<Digest> topics,
        byte[] data,
        long block,
        Digest blockHash,
        Digest transaction,
        int index) {
    public ChainLog {
        topics = List.copyOf(topics);
        data = data.clone();
    }

    @Override
    public byte[] data() {
        return data.clone();
    }
}
