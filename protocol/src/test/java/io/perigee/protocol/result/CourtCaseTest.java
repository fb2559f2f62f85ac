package io.perigee.protocol.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.spec.JobSpec;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CourtCaseTest {
    private static final Bundle BUNDLE = new TestBundle().accepted(0, 1);
    private static final RunEvidence RUN = BUNDLE.payable().winners().getFirst();
    private static final int LAST = RUN.commitment().toBorder();

    @Test
    void shouldReadWhatItWrites() {
        // given
        var about = about(2).claiming(other(2));

        // when
        var read = Json.read(Json.bytes(about), CourtCase.class);

        // then
        assertThat(read).isEqualTo(about);
        assertThat(read.claimedLeaf()).contains(about.leaf(other(2)));
    }

    @Test
    void shouldProveBothLeavesUnderTheRunsRoot() {
        // given
        var about = about(2);

        // when
        var accused = about.proof(about.accused());
        var prior = about.proof(about.prior().orElseThrow());

        // then
        var root = RUN.opening().root();
        assertThat(MerkleTree.verify(root, about.accusedLeaf(), accused)).isTrue();
        assertThat(MerkleTree.verify(root, about.priorLeaf(), prior)).isTrue();
        assertThat(about.prior().orElseThrow().border()).isEqualTo(1);
    }

    @Test
    void shouldBeginTheFirstSegmentWhereTheSpecSays() {
        // when
        var about = about(1);

        // then
        assertThat(about.prior()).isEmpty();
        assertThat(about.priorLeaf()).isEqualTo(Digest.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void shouldRefuseABorderThatTheRunDoesNotAnswerFor(int border) {
        refuses(() -> about(border), "the run answers for 1 to " + LAST);
    }

    @Test
    void shouldRefuseASuccessorsFirstSegment() {
        // given: a run that went on from border 1
        var assignment = from(1, RUN.assignment());
        var leaves = RUN.segments().subList(1, LAST);

        // when, then
        refuses(() -> about(BUNDLE.spec(), kept(assignment, leaves), leaves, 2), "went on from another's checkpoint");
        assertThat(about(BUNDLE.spec(), kept(assignment, leaves), leaves, 3).border())
                .isEqualTo(3);
    }

    @Test
    void shouldRefuseAnotherSpecThanTheOrders() {
        var spec = Json.read(Json.text(BUNDLE.spec()).replace("\"seed\":7", "\"seed\":8"), JobSpec.class);
        refuses(() -> about(spec, kept(), RUN.segments(), 2), "the order names");
    }

    @Test
    void shouldRefuseAnotherOrderThanTheAssignments() {
        // given: a run of one order, dressed up with another order and its spec
        var assignment = RUN.assignment();
        var moved = new Assignment(
                Digest.of(new byte[Digest.BYTES]),
                assignment.attempt(),
                assignment.provider(),
                assignment.owner(),
                assignment.role(),
                assignment.fromBorder(),
                assignment.toBorder(),
                assignment.numericClass(),
                assignment.price(),
                assignment.bond(),
                assignment.secretHash(),
                assignment.issuedAt(),
                assignment.leaseUntil());

        // when, then
        refuses(() -> about(BUNDLE.spec(), kept(moved, RUN.segments()), RUN.segments(), 2), "was assigned under");
    }

    @Test
    void shouldRefuseLeavesThatAreMissingOrAreNotUnderTheRoot() {
        // given
        var fewer = RUN.segments().subList(0, LAST - 1);
        var changed = new ArrayList<>(RUN.segments());
        changed.set(1, other(2));

        // when, then
        refuses(() -> about(BUNDLE.spec(), kept(), fewer, 2), "one for each border from 1 to " + LAST);
        refuses(() -> about(BUNDLE.spec(), kept(), changed, 2), "the run's root is");
    }

    @Test
    void shouldRefuseToClaimTheLeafThatIsAccusedOrAnotherBorders() {
        refuses(() -> about(2).claiming(RUN.segments().get(1)), "the very leaf that is accused");
        refuses(() -> about(2).claiming(other(3)), "it is of another border");
    }

    @Test
    void shouldFindTheFirstBorderAtWhichTwoRunsDiffer() {
        // given
        var changed = new ArrayList<>(RUN.segments());
        changed.set(1, other(2));
        changed.set(2, other(3));

        // when, then
        assertThat(Leaves.firstDifference(RUN.segments(), changed)).contains(2);
        assertThat(Leaves.firstDifference(RUN.segments(), changed.subList(2, LAST)))
                .contains(3);
        assertThat(Leaves.firstDifference(RUN.segments(), RUN.segments())).isEmpty();
        assertThat(Leaves.firstDifference(RUN.segments(), List.of())).isEmpty();
    }

    private static void refuses(ThrowingCallable making, String words) {
        assertThatExceptionOfType(InvalidValue.class).isThrownBy(making).withMessageContaining(words);
    }

    private static CourtCase about(int border) {
        return about(BUNDLE.spec(), kept(), RUN.segments(), border);
    }

    private static CourtCase about(JobSpec spec, KeptEvidence run, List<SegmentHashes> leaves, int border) {
        return new CourtCase(CourtCase.VERSION, spec, run, leaves, border, null);
    }

    private static SegmentHashes other(int border) {
        var other = Sha256.of(new byte[] {(byte) border});
        return new SegmentHashes(border, other, other, other, other);
    }

    private static KeptEvidence kept() {
        return kept(RUN.assignment(), RUN.segments());
    }

    /** Sealed again, since the seal is of the assignment; nothing here looks at signatures. */
    private static KeptEvidence kept(Assignment assignment, List<SegmentHashes> leaves) {
        var hash = assignment.digest(BUNDLE.domain());
        var tree = MerkleTree.of(
                leaves.stream().map(leaf -> leaf.leaf(assignment.orderHash())).toList());
        var opening = new Opening(tree.root(), tree.leafCount(), Digest.ZERO, Digest.ZERO);
        var commitment = new Commitment(hash, LAST, Seal.of(hash, LAST, opening));
        return new KeptEvidence(
                KeptEvidence.VERSION,
                BUNDLE.domain().chainId(),
                BUNDLE.domain().escrow(),
                BUNDLE.order(),
                BUNDLE.orderSignature(),
                assignment,
                RUN.hubSignature(),
                RUN.sessionKey(),
                RUN.sessionKeySignature(),
                RUN.acceptance(),
                List.of(new KeptSeal(commitment, RUN.commitmentSignature(), opening, null, null)),
                null);
    }

    private static Assignment from(int border, Assignment assignment) {
        return new Assignment(
                assignment.orderHash(),
                assignment.attempt(),
                assignment.provider(),
                assignment.owner(),
                assignment.role(),
                border,
                assignment.toBorder(),
                assignment.numericClass(),
                assignment.price(),
                assignment.bond(),
                assignment.secretHash(),
                assignment.issuedAt(),
                assignment.leaseUntil());
    }
}
