package io.perigee.settlement.ethereum;

import io.perigee.contracts.Court;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.Evidence;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.contracts.shape.EscrowShapes;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.payout.Encoder;
import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.datatypes.CustomError;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.gas.StaticGasProvider;
import org.web3j.utils.Numeric;

/** Encodes calls of the escrow through the generated wrappers; nothing is asked or sent. */
public final class EscrowCalls implements Encoder {
    private final Address address;
    private final Escrow escrow;

    public EscrowCalls(Rpc rpc, Address escrow) {
        this.address = escrow;
        this.escrow = Escrow.load(
                escrow.value(),
                rpc.web3j(),
                new ReadonlyTransactionManager(rpc.web3j(), escrow.value()),
                new StaticGasProvider(BigInteger.ZERO, BigInteger.ZERO));
    }

    @Override
    public Call direct(JobOrder order, Signature orderSignature, Payable payable) {
        return call(escrow.direct(
                EscrowShapes.order(order),
                EscrowShapes.signature(orderSignature),
                EscrowShapes.agreeing(payable),
                EscrowShapes.runs(payable.contradictors())));
    }

    @Override
    public Call collect(List<Digest> assignmentHashes) {
        return call(escrow.collect(assignmentHashes.stream().map(Digest::bytes).toList()));
    }

    /** Every error that the contracts can revert with. */
    public static List<CustomError> errors() {
        return java.util.stream.Stream.of(
                        Court.class, Epochs.class, Escrow.class, Evidence.class, ProviderRegistry.class)
                .flatMap(wrapper -> java.util.Arrays.stream(wrapper.getFields()))
                .filter(field -> field.getType() == CustomError.class)
                .map(field -> {
                    try {
                        return (CustomError) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(
                                "Expected to read the error " + field.getName() + ", but may not", e);
                    }
                })
                .toList();
    }

    private Call call(RemoteFunctionCall<?> function) {
        return new Call(address, Numeric.hexStringToByteArray(function.encodeFunctionCall()));
    }
}
