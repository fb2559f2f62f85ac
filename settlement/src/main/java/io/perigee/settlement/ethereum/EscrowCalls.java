package io.perigee.settlement.ethereum;

import io.perigee.contracts.Court;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.Evidence;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.payout.Encoder;
import java.math.BigInteger;
import java.util.ArrayList;
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
                order(order), orderSignature.bytes(), agreeing(payable), runs(payable.contradictors())));
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

    static Escrow.JobOrder order(JobOrder order) {
        return new Escrow.JobOrder(
                order.builder().value(),
                order.hub().value(),
                order.jobId().bytes32(),
                order.specHash().bytes(),
                order.token().value(),
                order.maxPayment().value(),
                number(order.segments()),
                number(order.quorum()),
                order.direct(),
                number(order.validAfter()),
                number(order.deadline()));
    }

    /** Runs that agree, or one run and then the verdicts upon it. */
    static List<Escrow.Run> agreeing(Payable payable) {
        var shown = new ArrayList<>(runs(payable.winners()));
        payable.verdicts().forEach(audit -> shown.add(verdict(audit)));
        return shown;
    }

    /** A verdict in a run's form: what the auditor found stands where a run's opening does; it has no salt and no receipt. */
    private static Escrow.Run verdict(AuditEvidence audit) {
        var run = audit.run();
        var verdict = audit.verdict();
        return new Escrow.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Escrow.Opening(
                        number(verdict.verifiedTo()),
                        verdict.root().bytes(),
                        BigInteger.ZERO,
                        verdict.outputDigest().bytes(),
                        Digest.ZERO.bytes()),
                BigInteger.ZERO,
                BigInteger.ZERO,
                run.hubSignature().bytes(),
                run.sessionKeySignature().bytes(),
                run.acceptance().bytes(),
                audit.signature().bytes(),
                new byte[0]);
    }

    private static List<Escrow.Run> runs(List<RunEvidence> evidence) {
        return evidence.stream().map(EscrowCalls::run).toList();
    }

    private static Escrow.Run run(RunEvidence run) {
        var opening = run.opening();
        return new Escrow.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Escrow.Opening(
                        number(run.commitment().toBorder()),
                        opening.root().bytes(),
                        number(opening.leafCount()),
                        opening.outputDigest().bytes(),
                        opening.salt().bytes()),
                number(run.receipt().receivedAt()),
                number(run.receipt().drawBlock()),
                run.hubSignature().bytes(),
                run.sessionKeySignature().bytes(),
                run.acceptance().bytes(),
                run.commitmentSignature().bytes(),
                run.receiptSignature().bytes());
    }

    static Escrow.Assignment assignment(Assignment assignment) {
        return new Escrow.Assignment(
                assignment.orderHash().bytes(),
                number(assignment.attempt()),
                assignment.provider().bytes(),
                assignment.owner().value(),
                number(assignment.role().code()),
                number(assignment.fromBorder()),
                number(assignment.toBorder()),
                assignment.numericClass().bytes(),
                assignment.price().value(),
                assignment.bond().value(),
                assignment.secretHash().bytes(),
                number(assignment.issuedAt()),
                number(assignment.leaseUntil()));
    }

    private static Escrow.SessionKey key(SessionKey key) {
        return new Escrow.SessionKey(
                key.owner().value(),
                key.provider().bytes(),
                key.key().value(),
                key.hub().value(),
                number(key.serial()),
                number(key.notBefore()),
                number(key.expiresAt()));
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }
}
