package io.perigee.testkit.sample;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Salts;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about an assignment, without running anything.
 *
 * @param segmented whether the job has segments
 * @param lieFrom the first border it forges; a number above the last one for an honest run
 * @param flavour liars of one flavour forge the same
 */
public record SampleRun(SampleProvider provider, JobAssigned assigned, boolean segmented, int lieFrom, String flavour) {
    public static final int HONEST = Integer.MAX_VALUE;

    public static SampleRun honest(SampleProvider provider, JobAssigned assigned, boolean segmented) {
        return new SampleRun(provider, assigned, segmented, HONEST, "honest");
    }

    public static SampleRun lying(
            SampleProvider provider, JobAssigned assigned, boolean segmented, int fromBorder, String flavour) {
        return new SampleRun(provider, assigned, segmented, fromBorder, flavour);
    }

    public Digest hash() {
        return assigned.assignment().digest(Parties.DOMAIN);
    }

    public int lastBorder() {
        return assigned.assignment().toBorder();
    }

    public AcceptAssignment accept() {
        var signature = provider.session().sign(new Acceptance(hash()).digest(Parties.DOMAIN));
        return new AcceptAssignment(assigned.jobId(), hash(), signature);
    }

    public DeclineAssignment decline() {
        return new DeclineAssignment(assigned.jobId(), hash(), "busy");
    }

    public ReportFailure fail(FailureKind kind, @Nullable Integer exitCode, String detail) {
        return new ReportFailure(assigned.jobId(), hash(), kind, exitCode, detail);
    }

    public ReportCommitment commit(int border) {
        var commitment = new Commitment(hash(), border, Seal.of(hash(), border, opening(border)));
        return new ReportCommitment(
                assigned.jobId(), commitment, provider.session().sign(commitment.digest(Parties.DOMAIN)));
    }

    public RevealResult reveal(int border) {
        var whole = border == lastBorder();
        return new RevealResult(
                assigned.jobId(), hash(), border, opening(border), segments(border), whole ? outputs() : null, null);
    }

    public Opening opening(int border) {
        var leaves = segments(border).stream()
                .map(segment -> segment.leaf(assigned.assignment().orderHash()))
                .toList();
        return new Opening(
                MerkleTree.of(leaves).root(),
                leaves.size(),
                border == lastBorder() ? outputs().digest() : Digest.ZERO,
                Salts.derive(provider.session(), hash(), border));
    }

    public List<SegmentHashes> segments(int border) {
        return segmented
                ? IntStream.rangeClosed(1, border).mapToObj(this::segment).toList()
                : List.of();
    }

    private ContentId outputs() {
        return Parties.content("outputs " + flavourAt(Math.max(1, lastBorder())));
    }

    private SegmentHashes segment(int border) {
        var seed = flavourAt(border) + " " + border;
        return new SegmentHashes(
                border,
                Parties.content("adapter " + seed),
                Parties.content("optimizer " + seed),
                Parties.content("state " + seed),
                Parties.content("metrics " + seed));
    }

    private String flavourAt(int border) {
        return border < lieFrom ? "honest" : flavour;
    }
}
