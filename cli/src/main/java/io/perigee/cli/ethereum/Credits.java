package io.perigee.cli.ethereum;

import io.perigee.contracts.Escrow;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** What the escrow has set aside for an owner, by assignment. Asks and encodes; signs nothing. */
public final class Credits {
    private final Contracts contracts;
    private final Logs logs;

    Credits(Contracts contracts, Logs logs) {
        this.contracts = contracts;
        this.logs = logs;
    }

    /**
     * One assignment's credit that was not collected.
     *
     * @param ripe may be collected now
     * @param ripening may be collected from {@code ripeAt} on
     * @param frozen waits for a dispute
     */
    public record Credit(Digest assignment, Amount ripe, Amount ripening, Instant ripeAt, boolean frozen) {}

    /** All credits of an owner in this market's token; what was collected is left out. */
    public List<Credit> of(Address owner, long fromBlock) {
        var assignments = new LinkedHashSet<Digest>();
        logs
                .find(
                        contracts.market().escrow(),
                        Escrow.CREDITED_EVENT,
                        fromBlock,
                        logs.head(),
                        List.of(Optional.empty(), Optional.empty(), Logs.topic(owner)))
                .stream()
                .map(log -> Digest.of(Escrow.getCreditedEventFromLog(log).assignmentHash))
                .forEach(assignments::add);
        return assignments.stream().map(this::of).flatMap(Optional::stream).toList();
    }

    /** One assignment's credit, while there is something to collect. */
    public Optional<Credit> of(Digest assignment) {
        var node = contracts.node();
        var found = node.read(contracts.escrow().credit(assignment.bytes()));
        var ripe = new Amount(found.component3());
        var ripening = new Amount(found.component4());
        if (!Address.parse(found.component2()).equals(contracts.market().token())
                || (ripe.isZero() && ripening.isZero())) {
            return Optional.empty();
        }
        return Optional.of(new Credit(
                assignment,
                ripe,
                ripening,
                Funds.instant(found.component5()),
                node.read(contracts.escrow().frozen(assignment.bytes()))));
    }

    public Call collect(List<Digest> assignments) {
        return Call.of(
                contracts.market().escrow(),
                contracts
                        .escrow()
                        .collect(assignments.stream().map(Digest::bytes).toList()));
    }
}
