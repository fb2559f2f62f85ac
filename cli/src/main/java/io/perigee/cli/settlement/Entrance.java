package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.result.KeptEvidence;
import java.util.List;
import java.util.Optional;

/** The way into a market by evidence: it says where its signatures are good. */
public record Entrance(Session session) {
    /** @throws Refusal when the runs are of several markets, or of another chain than the endpoint's */
    public void enter(List<KeptEvidence> runs) {
        var first = runs.getFirst();
        for (var run : runs) {
            if (!run.domain().equals(first.domain())
                    || !run.order().token().equals(first.order().token())) {
                throw new Refusal(
                        ErrorCode.MALFORMED,
                        "Expected evidence of one escrow and token, but some is of %s and some of %s"
                                .formatted(first.escrow(), run.escrow()),
                        "Name the files of one with --evidence");
            }
        }
        session.enter(
                first.escrow(),
                Optional.of(first.order().token()),
                Optional.of(first.order().hub()));
        if (session.market().chainId() != first.chainId()) {
            throw new Refusal(
                    ErrorCode.WRONG_CHAIN,
                    "Expected chain %d, where the evidence is good, but it is chain %d"
                            .formatted(first.chainId(), session.market().chainId()),
                    "Name an endpoint of the right chain with --rpc");
        }
    }
}
