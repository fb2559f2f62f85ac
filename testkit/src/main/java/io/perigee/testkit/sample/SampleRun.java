package io.perigee.testkit.sample;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.Verdict;
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
 * @param lieTo the last border it forges; from the next on it is honest again
 * @param flavour liars of one flavour forge the same
 * @param jobBorder the job's last border, where outputs are made
 */
public record SampleRun(
        SampleProvider provider,
        JobAssigned assigned,
        boolean segmented,
        int lieFrom,
        int lieTo,
        String flavour,
        int jobBorder) {
    public static final int HONEST = Integer.MAX_VALUE;

    public static SampleRun honest(SampleProvider provider, JobAssigned assigned, boolean segmented) {
        return lying(provider, assigned, segmented, HONEST, "honest");
    }

    /** The same by an auditor of a job with so many borders. */
    public static SampleRun auditing(SampleProvider provider, JobAssigned assigned, int jobBorder) {
        return new SampleRun(provider, assigned, true, HONEST, HONEST, "honest", jobBorder);
    }

    /** The same run, but it forges a part. */
    public SampleRun lying(int fromBorder, int toBorder, String how) {
        return new SampleRun(provider, assigned, segmented, fromBorder, toBorder, how, jobBorder);
    }

    public static SampleRun lying(
            SampleProvider provider, JobAssigned assigned, boolean segmented, int fromBorder, String flavour) {
        int last = assigned.assignment().toBorder();
        return new SampleRun(provider, assigned, segmented, fromBorder, HONEST, flavour, last);
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

    /** Opens a border: the last with the outputs, another with its checkpoint. */
    public RevealResult reveal(int border) {
        return border == jobBorder || audits() ? bare(border) : pass(border);
    }

    /** The same without a checkpoint. */
    public RevealResult bare(int border) {
        var whole = border == jobBorder && !audits();
        return new RevealResult(
                assigned.jobId(), hash(), border, opening(border), segments(border), whole ? outputs() : null, null);
    }

    /** Opens a border in passing, with its checkpoint. */
    public RevealResult pass(int border) {
        return new RevealResult(
                assigned.jobId(), hash(), border, opening(border), segments(border), null, checkpoint(border));
    }

    private boolean audits() {
        return assigned.assignment().role() == Role.AUDITOR;
    }

    /** Uploads the checkpoint of a border. */
    public ServeCheckpoint serve(int border) {
        return new ServeCheckpoint(assigned.jobId(), hash(), border, checkpoint(border));
    }

    private ContentId checkpoint(int border) {
        return Parties.content("checkpoint " + hash() + border);
    }

    /** Signs for what it is shown. */
    public SignVerdict sign(VerdictRequested asked) {
        var opening = asked.opening();
        var verdict = new Verdict(
                hash(),
                asked.commitment().digest(Parties.DOMAIN),
                opening.root(),
                opening.outputDigest(),
                asked.commitment().toBorder());
        return new SignVerdict(assigned.jobId(), verdict, provider.session().sign(verdict.digest(Parties.DOMAIN)));
    }

    /** Does not sign. */
    public RefuseVerdict refuse(VerdictRefusal reason) {
        return new RefuseVerdict(assigned.jobId(), hash(), reason, "no");
    }

    public Opening opening(int border) {
        var leaves = segments(border).stream()
                .map(segment -> segment.leaf(assigned.assignment().orderHash()))
                .toList();
        return new Opening(
                MerkleTree.of(leaves).root(),
                leaves.size(),
                border == jobBorder ? outputs().digest() : Digest.ZERO,
                Salts.derive(provider.session(), hash(), border));
    }

    public List<SegmentHashes> segments(int border) {
        return segmented
                ? IntStream.rangeClosed(assigned.assignment().fromBorder() + 1, border)
                        .mapToObj(this::segment)
                        .toList()
                : List.of();
    }

    private ContentId outputs() {
        return Parties.content("outputs " + flavourAt(Math.max(1, jobBorder)));
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
        return border < lieFrom || border > lieTo ? "honest" : flavour;
    }
}
