package io.perigee.cli.ethereum;

import io.perigee.contracts.Escrow;
import io.perigee.contracts.shape.EscrowShapes;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Orders paid by showing their evidence to the escrow, the hub not needed. Asks and encodes; signs nothing. */
public final class Directs {
    private final Contracts contracts;
    private final EpochBook epochs;
    private final Logs logs;

    Directs(Contracts contracts, EpochBook epochs, Logs logs) {
        this.contracts = contracts;
        this.epochs = epochs;
        this.logs = logs;
    }

    /** A run and the seal of it that is shown. */
    public record Shown(KeptEvidence run, KeptSeal seal) {}

    /** An opening that somebody showed on chain. */
    public record Opened(Digest assignment, int border, Digest root, Digest outputDigest) {}

    /** Shows one run, after the order's deadline. */
    public Call open(Shown shown) {
        var run = shown.run();
        return escrow(contracts
                .escrow()
                .open(
                        EscrowShapes.order(run.order()),
                        EscrowShapes.signature(run.orderSignature()),
                        EscrowShapes.run(run, shown.seal())));
    }

    private static Escrow.Run voice(Shown shown) {
        var verdict = shown.run().verdict();
        return verdict == null
                ? EscrowShapes.run(shown.run(), shown.seal())
                : EscrowShapes.verdict(shown.run(), verdict);
    }

    /** Shows a quorum's runs of one order at once, or one run and then those that audited it. */
    public Call direct(List<Shown> shown) {
        var first = shown.getFirst().run();
        return escrow(contracts
                .escrow()
                .direct(
                        EscrowShapes.order(first.order()),
                        EscrowShapes.signature(first.orderSignature()),
                        shown.stream().map(Directs::voice).toList(),
                        List.of()));
    }

    /** Fixes a commitment's time on chain, in place of a receipt. */
    public Call record(Commitment commitment) {
        return escrow(contracts.escrow().recordCommitment(EscrowShapes.commitment(commitment)));
    }

    public Optional<Instant> recordedAt(Digest commitment) {
        var seconds = contracts.node().read(contracts.escrow().recordedAt(commitment.bytes()));
        return seconds.signum() == 0 ? Optional.empty() : Optional.of(Funds.instant(seconds));
    }

    /** All that an assignment has earned under its order, by whatever way. */
    public Amount paid(Digest order, Digest assignment) {
        return new Amount(contracts.node().read(contracts.escrow().paid(order.bytes(), assignment.bytes())));
    }

    /** False while an epoch may still pay the order, or has. */
    public boolean free(JobOrder order, Digest hash) {
        return order.direct() || epochs.free(order, hash);
    }

    /** How many runs with this answer were opened singly. */
    public int tally(Shown shown) {
        var opening = shown.seal().opening();
        return contracts
                .node()
                .read(contracts
                        .escrow()
                        .tally(
                                shown.run().orderHash().bytes(),
                                BigInteger.valueOf(shown.run().assignment().fromBorder()),
                                BigInteger.valueOf(shown.seal().border()),
                                opening.root().bytes(),
                                opening.outputDigest().bytes()))
                .intValueExact();
    }

    /** What was opened singly under an order since its deadline. */
    public List<Opened> openings(KeptEvidence run) {
        long from = logs.firstAt(Instant.ofEpochSecond(run.order().deadline()));
        return logs
                .find(
                        contracts.market().escrow(),
                        Escrow.OPENINGRECORDED_EVENT,
                        from,
                        logs.head(),
                        List.of(Logs.topic(run.orderHash())))
                .stream()
                .map(Escrow::getOpeningRecordedEventFromLog)
                .map(event -> new Opened(
                        Digest.of(event.assignmentHash),
                        event.border.intValueExact(),
                        Digest.of(event.root),
                        Digest.of(event.outputDigest)))
                .toList();
    }

    private Call escrow(org.web3j.protocol.core.RemoteFunctionCall<?> function) {
        return Call.of(address(), function);
    }

    private Address address() {
        return contracts.market().escrow();
    }
}
