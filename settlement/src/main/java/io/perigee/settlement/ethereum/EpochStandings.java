package io.perigee.settlement.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.shape.EpochShapes;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.EpochViews;
import java.math.BigInteger;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.gas.StaticGasProvider;
import org.web3j.utils.Numeric;

/** {@link EpochViews} by eth_call, encoded through the generated wrapper. */
public final class EpochStandings implements EpochViews {
    private static final int WORD = 32;

    private final ChainReader reader;
    private final Address address;
    private final Epochs epochs;

    public EpochStandings(Rpc rpc, ChainReader reader, Address epochs) {
        this.reader = reader;
        this.address = epochs;
        this.epochs = Epochs.load(
                epochs.value(),
                rpc.web3j(),
                new ReadonlyTransactionManager(rpc.web3j(), epochs.value()),
                new StaticGasProvider(BigInteger.ZERO, BigInteger.ZERO));
    }

    @Override
    public Standing standing(EpochId epoch, long block) {
        var view = epochs.stateOf(EpochShapes.epoch(epoch));
        var word = reader.view(new Call(address, Numeric.hexStringToByteArray(view.encodeFunctionCall())), block);
        // an endpoint that lacks the block may answer nothing, which would read as the state of no epoch at all
        if (word.length != WORD) {
            throw new ChainUnavailable("Expected the epochs at %s to tell a state in %d bytes, but they answered %d"
                    .formatted(address, WORD, word.length));
        }
        var state = new BigInteger(1, word);
        return switch (state.bitLength() > 2 ? -1 : state.intValue()) {
            case 0 -> Standing.NOTHING;
            case 1 -> Standing.PENDING;
            case 2 -> Standing.FINAL;
            case 3 -> Standing.SETTLED;
            default ->
                throw new ChainUnavailable(
                        "Expected the epochs at %s to tell a state, but they answered %s".formatted(address, state));
        };
    }
}
