package io.perigee.cli;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.result.Salts;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** The proof of a job that two owners ran honestly. */
final class SampleBundle {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private SampleBundle() {}

    static Bundle of(JobSpec spec, Digest outputs) {
        var order = SampleJobs.order(JobId.parse("0198f3a1-b2c4-7d8e-9fa0-b1c2d3e4f506"), spec, NOW, 3600);
        var orderHash = order.digest(Parties.DOMAIN);
        var runs = List.of(run(0, orderHash, outputs), run(1, orderHash, outputs));
        return new Bundle(
                1,
                Parties.DOMAIN,
                spec,
                order,
                Parties.BUILDER.sign(orderHash),
                "accepted",
                new Payable(4, runs, List.of()),
                List.of());
    }

    private static RunEvidence run(int attempt, Digest orderHash, Digest outputs) {
        var owner = Parties.key("owner " + attempt);
        var session = Parties.key("session " + attempt);
        var provider = ProviderId.of(Parties.digest("provider " + attempt).bytes());
        var assignment = new Assignment(
                orderHash,
                attempt,
                provider,
                owner.address(),
                Role.REPLICA,
                0,
                4,
                NumericClass.STRICT,
                Amount.of(800),
                Amount.of(800),
                Digest.ZERO,
                NOW.getEpochSecond() + 10,
                NOW.getEpochSecond() + 600);
        var hash = assignment.digest(Parties.DOMAIN);
        var key = new SessionKey(
                owner.address(), provider, session.address(), Parties.HUB.address(), 1, 0, 4_000_000_000L);
        var segments = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> new SegmentHashes(
                        i,
                        Parties.content("a" + i),
                        Parties.content("o" + i),
                        Parties.content("s" + i),
                        Parties.content("m" + i)))
                .toList();
        var root = MerkleTree.of(segments.stream().map(s -> s.leaf(orderHash)).toList())
                .root();
        var opening = new Opening(root, 4, outputs, Salts.derive(session, hash, 4));
        var commitment = new Commitment(hash, 4, Seal.of(hash, 4, opening));
        var receipt = new Receipt(commitment.digest(Parties.DOMAIN), NOW.getEpochSecond() + 100, 0);
        return new RunEvidence(
                assignment,
                Parties.HUB.sign(hash),
                session.sign(new Acceptance(hash).digest(Parties.DOMAIN)),
                key,
                owner.sign(key.digest(Parties.DOMAIN)),
                commitment,
                session.sign(commitment.digest(Parties.DOMAIN)),
                receipt,
                Parties.HUB.sign(receipt.digest(Parties.DOMAIN)),
                opening,
                segments);
    }
}
