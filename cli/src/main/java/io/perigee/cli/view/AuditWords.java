package io.perigee.cli.view;

import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictSigned;
import java.util.Optional;

/** What happens in an audit, in a line each. */
final class AuditWords {
    private AuditWords() {}

    static String assigned(JobAssigned fact, JobStory.Money money) {
        var assignment = fact.assignment();
        return "auditor %d, owner %s, runs border %d to %d again for %s"
                .formatted(
                        fact.attempt(),
                        Words.brief(assignment.owner().value()),
                        assignment.fromBorder(),
                        assignment.toBorder(),
                        money.of(assignment.price()));
    }

    static String cancelled(JobCancelled fact) {
        return "cancelled; paid up to border %d".formatted(fact.payable().toBorder());
    }

    /** Empty where a fact is worth no line. */
    static Optional<String> of(JobFact fact) {
        return switch (fact) {
            case SegmentsDrawn f ->
                Optional.of(
                        f.blockHash() == null
                                ? "no block drew in time; all segments are audited"
                                : "block %d drew segments %s".formatted(f.drawBlock(), f.segments()));
            case CheckpointRequested f ->
                Optional.of("replica %d is asked for the checkpoint of border %d".formatted(f.attempt(), f.border()));
            case CheckpointServed f ->
                Optional.of("replica %d served the checkpoint of border %d".formatted(f.attempt(), f.border()));
            case VerdictSigned f ->
                Optional.of("auditor %d signed that the run holds to border %d"
                        .formatted(f.attempt(), f.verdict().verifiedTo()));
            case VerdictRefused f -> Optional.of("auditor %d signed nothing: %s".formatted(f.attempt(), f.detail()));
            case RunGivenUp f ->
                Optional.of("replica %d is waited for no longer; what it left up to border %d is audited"
                        .formatted(f.attempt(), f.border()));
            case CancelNoted _ -> Optional.of("cancelled; it ends with the audit of this part");
            case PartAccepted f ->
                Optional.of("replica %d is right up to border %d and is paid for it; the next begins there"
                        .formatted(f.attempt(), f.payable().toBorder()));
            default -> Optional.empty();
        };
    }
}
