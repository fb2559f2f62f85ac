package io.perigee.api.gateway.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import java.util.List;

/** What the hub has asked of the attempts that some reports are about. */
final class Asked {
    private static final String REQUESTS = """
      select assignment_hash, kind, border, commitment, open from delivery
      where assignment_hash = any ($1) and kind in ('checkpoint-request', 'verdict-request')
      """;

    private final List<Row> requests;

    private Asked(List<Row> requests) {
        this.requests = requests;
    }

    /** Reads nothing where no report may answer any of it. */
    static Asked about(Tx tx, List<AgentMessage> reports) {
        var hashes = reports.stream()
                .filter(Asked::mayAnswer)
                .map(report -> Reports.assignmentHash(report).value())
                .distinct()
                .toArray(String[]::new);
        return new Asked(hashes.length == 0 ? List.of() : tx.query(REQUESTS, (Object) hashes));
    }

    private static boolean mayAnswer(AgentMessage report) {
        return report instanceof AgentMessage.Checkpoint
                || report instanceof AgentMessage.VerdictSigned
                || report instanceof AgentMessage.VerdictRefused;
    }

    /** Whether it was asked for, answered or not. */
    boolean checkpoint(AgentMessage.Checkpoint served) {
        return requests.stream()
                .filter(request -> isOf(request, served.assignmentHash(), "checkpoint-request"))
                .anyMatch(request -> request.integer("border") == served.border());
    }

    /** Whether it is waited for. */
    boolean verdict(AgentMessage.VerdictSigned signed) {
        var commitment = signed.verdict().commitmentHash().value();
        return requests.stream()
                .filter(request -> isOf(request, signed.verdict().assignmentHash(), "verdict-request"))
                .filter(request -> request.bool("open"))
                // a request that is older than the column says none
                .anyMatch(request ->
                        request.optionalString("commitment").orElse(commitment).equals(commitment));
    }

    /** Whether a verdict is waited for. */
    boolean verdict(AgentMessage.VerdictRefused refused) {
        return requests.stream()
                .filter(request -> isOf(request, refused.assignmentHash(), "verdict-request"))
                .anyMatch(request -> request.bool("open"));
    }

    private static boolean isOf(Row request, Digest assignment, String kind) {
        return request.string("assignment_hash").equals(assignment.value())
                && request.string("kind").equals(kind);
    }
}
