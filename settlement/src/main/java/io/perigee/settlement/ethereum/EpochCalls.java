package io.perigee.settlement.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.shape.EpochShapes;
import io.perigee.protocol.epoch.Content;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.epoch.EpochEncoder;
import java.math.BigInteger;
import java.util.List;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.gas.StaticGasProvider;
import org.web3j.utils.Numeric;

/** Encodes calls of the epochs through the generated wrapper; nothing is asked or sent. */
public final class EpochCalls implements EpochEncoder {
    private final Address address;
    private final Epochs epochs;

    public EpochCalls(Rpc rpc, Address epochs) {
        this.address = epochs;
        this.epochs = Epochs.load(
                epochs.value(),
                rpc.web3j(),
                new ReadonlyTransactionManager(rpc.web3j(), epochs.value()),
                new StaticGasProvider(BigInteger.ZERO, BigInteger.ZERO));
    }

    @Override
    public Call post(EpochLedger ledger) {
        var accounts = EpochShapes.accounts(ledger.accounts());
        return call(epochs.post(
                ledger.id().token().value(),
                BigInteger.valueOf(ledger.id().number()),
                ledger.content().root().bytes(),
                accounts.debits,
                accounts.credits));
    }

    @Override
    public Call settle(EpochLedger ledger) {
        return call(epochs.settle(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                EpochShapes.accounts(ledger.accounts())));
    }

    public Call demandLine(EpochId id, Content content, int index) {
        return call(epochs.demandLine(EpochShapes.epoch(id), EpochShapes.content(content), BigInteger.valueOf(index)));
    }

    public Call demandOrder(EpochId id, Address builder, Digest orderHash) {
        return call(epochs.demandOrder(EpochShapes.epoch(id), builder.value(), orderHash.bytes()));
    }

    @Override
    public Call answer(
            EpochLedger ledger,
            Digest what,
            JobOrder order,
            Digest orderHash,
            Signature orderSignature,
            Payable payable) {
        return call(epochs.answer(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                what.bytes(),
                EpochShapes.stretch(ledger.stretchOf(order.builder(), orderHash)),
                EpochShapes.order(order),
                EpochShapes.signature(orderSignature),
                payable.links().stream()
                        .map(link -> new Epochs.Agreement(EpochShapes.agreeing(link)))
                        .toList()));
    }

    @Override
    public Call carry(EpochLedger ledger, JobOrder order, Digest orderHash) {
        return call(epochs.carry(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                EpochShapes.stretch(ledger.stretchOf(order.builder(), orderHash)),
                EpochShapes.order(order)));
    }

    @Override
    public Call answerNone(EpochLedger ledger, Address builder, Digest orderHash) {
        return call(epochs.answerNone(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                EpochShapes.stretch(ledger.stretchOf(builder, orderHash)),
                builder.value(),
                orderHash.bytes()));
    }

    /** Shows lines {@code from} to before {@code end}, which do not follow each other. */
    public Call accuseLines(EpochLedger ledger, int from, int end) {
        return call(epochs.accuseLines(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                EpochShapes.stretch(ledger.stretch(from, end))));
    }

    /** Shows the line that a debit ends with, and which says something else. */
    public Call accuseDebit(EpochLedger ledger, int which) {
        int last = ledger.accounts().debits().stream()
                        .limit(which + 1L)
                        .mapToInt(debit -> debit.lines())
                        .sum()
                - 1;
        return call(epochs.accuseDebit(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                EpochShapes.accounts(ledger.accounts()),
                BigInteger.valueOf(which),
                EpochShapes.line(ledger.lines().line(last)),
                EpochShapes.bytes(ledger.proof(last))));
    }

    /** Shows lines of an owner, in ascending order, which come to more than its credit. */
    public Call accuseCredit(EpochLedger ledger, Address owner, List<Integer> indices) {
        return call(epochs.accuseCredit(
                EpochShapes.epoch(ledger.id()),
                EpochShapes.content(ledger.content()),
                EpochShapes.accounts(ledger.accounts()),
                owner.value(),
                EpochShapes.scattered(ledger.scattered(indices))));
    }

    private Call call(RemoteFunctionCall<?> function) {
        return new Call(address, Numeric.hexStringToByteArray(function.encodeFunctionCall()));
    }
}
