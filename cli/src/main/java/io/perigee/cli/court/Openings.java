package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.Leaves;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of a fetched proof, each with its leaves. */
record Openings(Bundle bundle) {
    /** Every run that was opened, winners first. */
    List<RunEvidence> all() {
        return bundle.payable().links().stream()
                .flatMap(link -> Stream.concat(link.winners().stream(), link.contradictors().stream()))
                .toList();
    }

    /** The one named, or else the only one that contradicts the winners. */
    RunEvidence accused(Optional<Integer> attempt) {
        if (attempt.isPresent()) {
            return named(attempt.get());
        }
        var contradictors = bundle.payable().links().stream()
                .flatMap(link -> link.contradictors().stream())
                .toList();
        if (contradictors.size() != 1) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected one run that contradicts the winners, but there are %d".formatted(contradictors.size()),
                    "Name the attempt to accuse with --accused: %s".formatted(attempts()));
        }
        return contradictors.getFirst();
    }

    /** The one named, or else the first whose leaves differ from the accused's; empty when all agree with it. */
    Optional<RunEvidence> other(RunEvidence accused, Optional<Integer> attempt) {
        return attempt.map(this::named).or(() -> all().stream()
                .filter(run -> Leaves.firstDifference(run.segments(), accused.segments())
                        .isPresent())
                .findFirst());
    }

    /** A case about a border of it, its claim still to come. */
    CourtCase about(RunEvidence accused, int border) {
        return new CourtCase(CourtCase.VERSION, bundle.spec(), kept(accused), accused.segments(), border, null);
    }

    private RunEvidence named(int attempt) {
        return all().stream()
                .filter(run -> run.assignment().attempt() == attempt)
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        ErrorCode.NOT_FOUND,
                        "Expected attempt %d in the proof, but it has %s".formatted(attempt, attempts()),
                        "Only runs that were opened can be accused"));
    }

    private String attempts() {
        var numbers = all().stream().map(run -> run.assignment().attempt()).toList();
        return numbers.isEmpty() ? "none" : numbers.toString();
    }

    private KeptEvidence kept(RunEvidence run) {
        return KeptEvidence.of(bundle.domain(), bundle.order(), bundle.orderSignature(), run);
    }
}
