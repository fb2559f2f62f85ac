package io.perigee.settlement.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Content;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Line;
import io.perigee.protocol.epoch.Scattered;
import io.perigee.protocol.epoch.Stretch;
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
        var accounts = accounts(ledger.accounts());
        return call(epochs.post(
                ledger.id().token().value(), ledger.content().root().bytes(), accounts.debits, accounts.credits));
    }

    @Override
    public Call settle(EpochLedger ledger) {
        return call(epochs.settle(epoch(ledger.id()), content(ledger.content()), accounts(ledger.accounts())));
    }

    public Call demandLine(EpochId id, Content content, int index) {
        return call(epochs.demandLine(epoch(id), content(content), number(index)));
    }

    public Call demandOrder(EpochId id, Address builder, Digest orderHash) {
        return call(epochs.demandOrder(epoch(id), builder.value(), orderHash.bytes()));
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
                epoch(ledger.id()),
                content(ledger.content()),
                what.bytes(),
                stretch(ledger.stretchOf(order.builder(), orderHash)),
                EpochEvidence.order(order),
                orderSignature.bytes(),
                List.of(new Epochs.Agreement(EpochEvidence.agreeing(payable)))));
    }

    @Override
    public Call carry(EpochLedger ledger, JobOrder order, Digest orderHash) {
        return call(epochs.carry(
                epoch(ledger.id()),
                content(ledger.content()),
                stretch(ledger.stretchOf(order.builder(), orderHash)),
                EpochEvidence.order(order)));
    }

    @Override
    public Call answerNone(EpochLedger ledger, Address builder, Digest orderHash) {
        return call(epochs.answerNone(
                epoch(ledger.id()),
                content(ledger.content()),
                stretch(ledger.stretchOf(builder, orderHash)),
                builder.value(),
                orderHash.bytes()));
    }

    /** Shows lines {@code from} to before {@code end}, which do not follow each other. */
    public Call accuseLines(EpochLedger ledger, int from, int end) {
        return call(
                epochs.accuseLines(epoch(ledger.id()), content(ledger.content()), stretch(ledger.stretch(from, end))));
    }

    /** Shows the line that a debit ends with, and which says something else. */
    public Call accuseDebit(EpochLedger ledger, int which) {
        int last = ledger.accounts().debits().stream()
                        .limit(which + 1L)
                        .mapToInt(debit -> debit.lines())
                        .sum()
                - 1;
        return call(epochs.accuseDebit(
                epoch(ledger.id()),
                content(ledger.content()),
                accounts(ledger.accounts()),
                number(which),
                line(ledger.lines().line(last)),
                bytes(ledger.proof(last))));
    }

    /** Shows lines of an owner, in ascending order, which come to more than its credit. */
    public Call accuseCredit(EpochLedger ledger, Address owner, List<Integer> indices) {
        return call(epochs.accuseCredit(
                epoch(ledger.id()),
                content(ledger.content()),
                accounts(ledger.accounts()),
                owner.value(),
                scattered(ledger.scattered(indices))));
    }

    private Call call(RemoteFunctionCall<?> function) {
        return new Call(address, Numeric.hexStringToByteArray(function.encodeFunctionCall()));
    }

    private static Epochs.Epoch epoch(EpochId id) {
        return new Epochs.Epoch(id.hub().value(), id.token().value(), number(id.number()));
    }

    private static Epochs.Content content(Content content) {
        return new Epochs.Content(
                content.root().bytes(),
                number(content.count()),
                content.accounts().bytes());
    }

    private static Epochs.Accounts accounts(Accounts accounts) {
        return new Epochs.Accounts(
                accounts.debits().stream()
                        .map(debit -> new Epochs.Debit(
                                debit.builder().value(),
                                number(debit.lines()),
                                debit.amount().value()))
                        .toList(),
                accounts.credits().stream()
                        .map(credit -> new Epochs.Credit(
                                credit.owner().value(), credit.amount().value()))
                        .toList());
    }

    private static Epochs.Stretch stretch(Stretch shown) {
        return new Epochs.Stretch(number(shown.from()), lines(shown.lines()), bytes(shown.proofs()));
    }

    private static Epochs.Scattered scattered(Scattered shown) {
        return new Epochs.Scattered(
                shown.indices().stream().map(EpochCalls::number).toList(), lines(shown.lines()), bytes(shown.proofs()));
    }

    private static List<Epochs.Line> lines(List<Line> lines) {
        return lines.stream().map(EpochCalls::line).toList();
    }

    private static Epochs.Line line(Line line) {
        return new Epochs.Line(
                line.builder().value(),
                line.orderHash().bytes(),
                line.assignmentHash().bytes(),
                line.owner().value(),
                line.amount().value(),
                line.sum().value());
    }

    private static List<byte[]> bytes(List<Digest> digests) {
        return digests.stream().map(Digest::bytes).toList();
    }

    private static BigInteger number(int value) {
        return BigInteger.valueOf(value);
    }
}
