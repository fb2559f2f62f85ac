package io.perigee.cli.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Content;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.Line;
import io.perigee.protocol.epoch.Scattered;
import io.perigee.protocol.epoch.Stretch;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import java.math.BigInteger;
import java.util.List;

/** Our messages in the shapes of the generated wrappers. */
final class Structs {
    private static final byte[] NOTHING = {};

    private Structs() {}

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

    /** A run as it is shown with one of its seals; a receipt it has not is left out. */
    static Escrow.Run run(KeptEvidence run, KeptSeal seal) {
        var opening = seal.opening();
        var receipt = seal.receipt();
        var receiptSignature = seal.receiptSignature();
        return new Escrow.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Escrow.Opening(
                        number(seal.border()),
                        opening.root().bytes(),
                        number(opening.leafCount()),
                        opening.outputDigest().bytes(),
                        opening.salt().bytes()),
                number(receipt == null ? 0 : receipt.receivedAt()),
                number(receipt == null ? 0 : receipt.drawBlock()),
                run.hubSignature().bytes(),
                run.sessionKeySignature().bytes(),
                run.acceptance().bytes(),
                seal.signature().bytes(),
                receiptSignature == null ? NOTHING : receiptSignature.bytes());
    }

    static Escrow.Commitment commitment(Commitment commitment) {
        return new Escrow.Commitment(
                commitment.assignmentHash().bytes(),
                number(commitment.toBorder()),
                commitment.seal().bytes());
    }

    static Epochs.Epoch epoch(EpochId id) {
        return new Epochs.Epoch(id.hub().value(), id.token().value(), number(id.number()));
    }

    static Epochs.Content content(Content content) {
        return new Epochs.Content(
                content.root().bytes(),
                number(content.count()),
                content.accounts().bytes());
    }

    static Epochs.Accounts accounts(Accounts accounts) {
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

    static Epochs.Stretch stretch(Stretch shown) {
        return new Epochs.Stretch(number(shown.from()), lines(shown.lines()), bytes(shown.proofs()));
    }

    static Epochs.Scattered scattered(Scattered shown) {
        return new Epochs.Scattered(
                shown.indices().stream().map(Structs::number).toList(), lines(shown.lines()), bytes(shown.proofs()));
    }

    static Epochs.Line line(Line line) {
        return new Epochs.Line(
                line.builder().value(),
                line.orderHash().bytes(),
                line.assignmentHash().bytes(),
                line.owner().value(),
                line.amount().value(),
                line.sum().value());
    }

    static List<byte[]> bytes(List<Digest> digests) {
        return digests.stream().map(Digest::bytes).toList();
    }

    static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }

    private static List<Epochs.Line> lines(List<Line> lines) {
        return lines.stream().map(Structs::line).toList();
    }

    private static Escrow.Assignment assignment(Assignment assignment) {
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
}
