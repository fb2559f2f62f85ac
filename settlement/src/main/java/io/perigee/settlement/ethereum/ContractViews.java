package io.perigee.settlement.ethereum;

import io.perigee.contracts.Escrow;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.contracts.TestToken;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.EscrowViews;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;
import org.web3j.tx.gas.StaticGasProvider;
import org.web3j.utils.Numeric;

/** {@link EscrowViews} by eth_call, encoded through the generated wrappers. */
public final class ContractViews implements EscrowViews {
    private static final int WORD = 32;

    private final ChainReader reader;
    private final Rpc rpc;
    private final Address escrowAddress;
    private final Address registryAddress;
    private final TransactionManager none;
    private final ContractGasProvider noGas = new StaticGasProvider(BigInteger.ZERO, BigInteger.ZERO);
    private final Escrow escrow;
    private final ProviderRegistry registry;

    public ContractViews(Rpc rpc, ChainReader reader, Address escrow, Address registry) {
        this.rpc = rpc;
        this.reader = reader;
        escrowAddress = escrow;
        registryAddress = registry;
        none = new ReadonlyTransactionManager(rpc.web3j(), escrow.value());
        this.escrow = Escrow.load(escrow.value(), rpc.web3j(), none, noGas);
        this.registry = ProviderRegistry.load(registry.value(), rpc.web3j(), none, noGas);
    }

    @Override
    public Amount allotment(Address builder, Address hub, Address token, long block) {
        return amount(ask(escrowAddress, escrow.allotment(builder.value(), hub.value(), token.value()), block), 0);
    }

    @Override
    public Amount spent(Digest orderHash, long block) {
        return amount(ask(escrowAddress, escrow.spent(orderHash.bytes()), block), 0);
    }

    @Override
    public Amount paid(Digest orderHash, Digest assignmentHash, long block) {
        return amount(ask(escrowAddress, escrow.paid(orderHash.bytes(), assignmentHash.bytes()), block), 0);
    }

    @Override
    public Amount credit(Digest assignmentHash, long block) {
        var words = ask(escrowAddress, escrow.credit(assignmentHash.bytes()), block);
        return amount(words, 2).plus(amount(words, 3));
    }

    @Override
    public Amount balance(Address builder, Address token, long block) {
        return amount(ask(escrowAddress, escrow.balanceOf(builder.value(), token.value()), block), 0);
    }

    @Override
    public boolean orderApproved(Digest orderHash, long block) {
        return !amount(ask(escrowAddress, escrow.orderApproved(orderHash.bytes()), block), 0)
                .isZero();
    }

    @Override
    public Amount held(Address token, long block) {
        var wrapper = TestToken.load(token.value(), rpc.web3j(), none, noGas);
        return amount(ask(token, wrapper.balanceOf(escrowAddress.value()), block), 0);
    }

    @Override
    public Amount stake(Address owner, long block) {
        return amount(ask(registryAddress, registry.stakeOf(owner.value()), block), 0);
    }

    @Override
    public Terms terms() {
        long block = reader.head().number();
        return new Terms(
                address(ask(escrowAddress, escrow.registry(), block)),
                address(ask(escrowAddress, escrow.epochs(), block)),
                Duration.ofSeconds(amount(ask(escrowAddress, escrow.window(), block), 0)
                        .value()
                        .longValueExact()),
                Duration.ofSeconds(amount(ask(escrowAddress, escrow.maxOrder(), block), 0)
                        .value()
                        .longValueExact()));
    }

    private Address address(byte[] word) {
        if (word.length != WORD) {
            throw nothingThere(word.length);
        }
        return Address.of(Arrays.copyOfRange(word, WORD - Address.BYTES, WORD));
    }

    private byte[] ask(Address contract, RemoteFunctionCall<?> view, long block) {
        return reader.view(new Call(contract, Numeric.hexStringToByteArray(view.encodeFunctionCall())), block);
    }

    private Amount amount(byte[] words, int index) {
        if (words.length < (index + 1) * WORD) {
            throw nothingThere(words.length);
        }
        return new Amount(new BigInteger(1, Arrays.copyOfRange(words, index * WORD, (index + 1) * WORD)));
    }

    private ChainUnavailable nothingThere(int bytes) {
        return new ChainUnavailable(
                "Expected to read the escrow at %s, but it answered %d bytes: is it the right address and chain?"
                        .formatted(escrowAddress, bytes));
    }
}
