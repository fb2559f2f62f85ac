package io.perigee.settlement.watch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.Inclusion;
import java.util.List;
import java.util.Optional;

/** A node as it is, for tests that change one thing of it. */
public class PassingReader implements ChainReader {
    private final ChainReader real;

    public PassingReader(ChainReader real) {
        this.real = real;
    }

    @Override
    public Block head() {
        return real.head();
    }

    @Override
    public Optional<Block> block(long number) {
        return real.block(number);
    }

    @Override
    public List<ChainLog> logs(long from, long to, List<Address> emitters) {
        return real.logs(from, to, emitters);
    }

    @Override
    public List<ChainLog> logs(Block block, List<Address> emitters) {
        return real.logs(block, emitters);
    }

    @Override
    public Optional<Inclusion> inclusion(Digest transaction) {
        return real.inclusion(transaction);
    }

    @Override
    public byte[] view(Call call, long block) {
        return real.view(call, block);
    }
}
