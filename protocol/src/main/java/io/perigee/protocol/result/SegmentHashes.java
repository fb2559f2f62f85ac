package io.perigee.protocol.result;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;
import java.util.Map;

/** The four files at a border, by hash. Nothing in them names who ran the job. */
public record SegmentHashes(int border, ContentId adapter, ContentId optimizer, ContentId state, ContentId metrics) {
    public SegmentHashes {
        if (border < 0) {
            throw InvalidValue.reading("border", Integer.toString(border), "it is negative");
        }
    }

    /** By the names that the container contract gives them. */
    public Map<String, ContentId> files() {
        return Map.of(
                "adapter.safetensors", adapter,
                "optimizer.safetensors", optimizer,
                "state.json", state,
                "metrics.jsonl", metrics);
    }

    /** keccak256(keccak256(abi.encode(orderHash, border, adapter, optimizer, state, metrics))), OpenZeppelin's leaf. */
    public Digest leaf(Digest orderHash) {
        var inner = new AbiWords()
                .digest(orderHash)
                .number(border)
                .digest(adapter.digest())
                .digest(optimizer.digest())
                .digest(state.digest())
                .digest(metrics.digest())
                .keccak();
        return Keccak256.hash(inner.bytes());
    }
}
