package io.perigee.settlement.watch;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.testing.Market;
import java.util.List;

/** A node that sends logs of a chain it no longer shows. */
final class LyingReader extends PassingReader {
    LyingReader(ChainReader real) {
        super(real);
    }

    @Override
    public List<ChainLog> logs(long from, long to, List<Address> emitters) {
        return elsewhere(super.logs(from, to, emitters));
    }

    @Override
    public List<ChainLog> logs(Block block, List<Address> emitters) {
        return elsewhere(super.logs(block, emitters));
    }

    private static List<ChainLog> elsewhere(List<ChainLog> logs) {
        return logs.stream()
                .map(l -> new ChainLog(
                        l.emitter(),
                        l.topics(),
                        l.data(),
                        l.block(),
                        Market.word("elsewhere"),
                        l.transaction(),
                        l.index()))
                .toList();
    }
}
