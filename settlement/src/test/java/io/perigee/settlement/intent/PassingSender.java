package io.perigee.settlement.intent;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Submission;
import java.math.BigInteger;

/** A node as it is, for tests that change one thing of it. */
class PassingSender implements ChainSender {
    private final ChainSender real;

    PassingSender(ChainSender real) {
        this.real = real;
    }

    @Override
    public long minedCount(Address sender, long block) {
        return real.minedCount(sender, block);
    }

    @Override
    public Estimate estimate(Address sender, Call call) {
        return real.estimate(sender, call);
    }

    @Override
    public FeeQuote fees() {
        return real.fees();
    }

    @Override
    public BigInteger balance(Address sender) {
        return real.balance(sender);
    }

    @Override
    public Submission send(byte[] raw) {
        return real.send(raw);
    }
}
