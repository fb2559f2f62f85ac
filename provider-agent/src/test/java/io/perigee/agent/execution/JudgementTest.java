package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.gateway.HubMessage.VerdictRequest;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An auditor signs what it found, once, and nothing that a provider or a hub would like it to sign instead. */
final class JudgementTest {
    private static final ContentId CHECKPOINT = content("checkpoint");
    private static final ContentId OUTPUTS = content("outputs");

    private final Parties auditor = Parties.fresh();
    private final Parties provider = auditor.another();
    private final Sealer own = new Sealer(auditor.agent(), auditor.domain());
    private final Sealer theirs = new Sealer(provider.agent(), provider.domain());
    private final AssignmentOffer work = AWork.of(provider).build();
    private final AttemptRecord run =
            record(provider, work, honest(0, 3), new Phase.Opened(3, OUTPUTS, content("last checkpoint")));

    @Test
    void shouldSignWhatItFoundItself() {
        // given
        var audit = audit(1, 2, honest(1, 2), null);
        var shown = shown(run, 3, OUTPUTS);

        // when
        var judgement = own.judge(audit, shown);

        // then
        var verdict = new Verdict(
                audit.assignmentHash(),
                shown.commitment().digest(auditor.domain()),
                shown.opening().root(),
                OUTPUTS.digest(),
                3);
        assertThat(judgement).isEqualTo(new Judgement.Signed(verdict));
        var said = own.verdict(audit, verdict);
        assertThat(Signatures.isBy(auditor.agent().address(), verdict.digest(auditor.domain()), said.signature()))
                .isTrue();
    }

    @Test
    void shouldSignAPrefixAndTheOutputsItDerived() {
        var prefix = own.judge(audit(0, 1, honest(0, 1), null), shown(run, 2, null));
        var whole = own.judge(audit(2, 3, honest(2, 3), OUTPUTS), shown(run, 3, OUTPUTS));

        assertThat(prefix).isInstanceOfSatisfying(Judgement.Signed.class, signed -> {
            assertThat(signed.verdict().verifiedTo()).isEqualTo(2);
            assertThat(signed.verdict().outputDigest()).isEqualTo(Digest.ZERO);
        });
        assertThat(whole).isInstanceOf(Judgement.Signed.class);
    }

    @Test
    void shouldNotSignAForgedSegment() {
        // given
        var forged = new ArrayList<>(honest(0, 3));
        forged.set(1, segment(2, "forged"));
        var cheat = record(provider, work, forged, run.phase());

        // when
        var caught = own.judge(audit(1, 2, honest(1, 2), null), shown(cheat, 3, OUTPUTS));
        var elsewhere = own.judge(audit(2, 3, honest(2, 3), OUTPUTS), shown(cheat, 3, OUTPUTS));

        // then
        refused(caught, VerdictRefusal.LEAF_DIFFERS, "Expected the leaf of border 2");
        assertThat(elsewhere).as("sampling does not see what it does not draw").isInstanceOf(Judgement.Signed.class);
    }

    @Test
    void shouldNotSignARunThatDoesNotReachItsSegment() {
        refused(
                own.judge(audit(1, 2, honest(1, 2), null), shown(run, 1, null)),
                VerdictRefusal.LEAF_DIFFERS,
                "Expected the leaf of border 2");
    }

    @Test
    void shouldNotSignOtherOutputsThanItDerived() {
        refused(
                own.judge(audit(2, 3, honest(2, 3), content("mine")), shown(run, 3, OUTPUTS)),
                VerdictRefusal.OUTPUTS_DIFFER,
                "Expected the outputs to have digest");
    }

    @Test
    void shouldNotSignAnOpeningThatIsNone() {
        // given
        var audit = audit(1, 2, honest(1, 2), null);
        var good = shown(run, 3, OUTPUTS);
        var opening = good.opening();
        var padded = new ArrayList<>(good.segments());
        padded.set(0, segment(1, "padded"));
        var swapped = List.of(
                good.segments().get(1), good.segments().get(0), good.segments().get(2));

        // then
        for (var bad : List.of(
                with(good, good.commitment(), new Opening(opening.root(), 3, OUTPUTS.digest(), Digest.ZERO), null),
                with(good, good.commitment(), new Opening(opening.root(), 2, OUTPUTS.digest(), opening.salt()), null),
                with(good, good.commitment(), opening, padded),
                with(good, good.commitment(), opening, swapped),
                with(good, good.commitment(), opening, List.of()),
                with(good, good.commitment(), opening, good.segments().subList(1, 3)),
                with(
                        good,
                        new Commitment(
                                run.assignmentHash(), 2, good.commitment().seal()),
                        opening,
                        null),
                with(
                        good,
                        new Commitment(
                                audit.assignmentHash(), 3, good.commitment().seal()),
                        opening,
                        null),
                shown(run, 3, null),
                shown(run, 2, OUTPUTS))) {
            refused(own.judge(audit, bad), VerdictRefusal.BAD_OPENING, "Expected");
        }
    }

    @Test
    void shouldSayNothingBeforeItHasOpenedItsOwn() {
        // given
        var audit = audit(1, 2, honest(1, 2), null);

        // then
        for (var phase : List.of(
                new Phase.Preparing(),
                new Phase.Running("container", Instant.EPOCH, null),
                new Phase.Finishing(),
                new Phase.Sealed(null),
                new Phase.Finished(null, null))) {
            refused(own.judge(audit.in(phase), shown(run, 3, OUTPUTS)), VerdictRefusal.TOO_EARLY, "Expected");
        }
    }

    @Test
    void shouldNeverSignTwoVerdictsThatDiffer() {
        // given
        var other = auditor.another();
        var twin = new Sealer(other.agent(), other.domain());
        var otherRun = record(other, AWork.of(other).build(work), honest(0, 3), run.phase());
        var first = shown(run, 3, OUTPUTS);
        var before = audit(1, 2, honest(1, 2), null);
        var judged = before.with(((Judgement.Signed) own.judge(before, first)).verdict());

        // when
        var again = own.judge(judged, first);
        var second = own.judge(judged, shown(twin, otherRun, 3, OUTPUTS));
        var shorter = own.judge(judged, shown(run, 2, null));
        var afterRestart = own.judge(Json.read(Json.bytes(judged), AttemptRecord.class), shown(run, 2, null));

        // then
        assertThat(again).isEqualTo(own.judge(before, first));
        refused(second, VerdictRefusal.JUDGED_ALREADY, "Expected one verdict of this assignment");
        refused(shorter, VerdictRefusal.JUDGED_ALREADY, "Expected one verdict of this assignment");
        assertThat(afterRestart).isEqualTo(shorter);
    }

    private AttemptRecord audit(int from, int to, List<SegmentHashes> found, @Nullable ContentId outputs) {
        var offer = AWork.of(auditor)
                .auditing(from, to, from == 0 ? null : CHECKPOINT)
                .build(work);
        return record(auditor, offer, found, new Phase.Opened(to, outputs, null));
    }

    private static AttemptRecord record(Parties of, AssignmentOffer offer, List<SegmentHashes> segments, Phase phase) {
        return new AttemptRecord(
                offer,
                offer.assignment().digest(of.domain()),
                Instant.EPOCH,
                List.of(),
                phase,
                segments,
                List.of(),
                null,
                null);
    }

    private VerdictRequest shown(AttemptRecord of, int border, @Nullable ContentId outputs) {
        return shown(theirs, of, border, outputs);
    }

    private VerdictRequest shown(Sealer sealer, AttemptRecord of, int border, @Nullable ContentId outputs) {
        var reveal = sealer.reveal(of, border, outputs, null);
        return new VerdictRequest(
                work.jobId(), Digest.ZERO, sealer.commitment(of, border, outputs), reveal.opening(), reveal.segments());
    }

    private static VerdictRequest with(
            VerdictRequest good, Commitment commitment, Opening opening, @Nullable List<SegmentHashes> segments) {
        return new VerdictRequest(
                good.jobId(),
                good.assignmentHash(),
                commitment,
                opening,
                segments == null ? good.segments() : segments);
    }

    private static void refused(Judgement judgement, VerdictRefusal reason, String words) {
        assertThat(judgement).isInstanceOfSatisfying(Judgement.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).startsWith(words).contains(", but ");
        });
    }

    private static List<SegmentHashes> honest(int from, int to) {
        return IntStream.rangeClosed(from + 1, to)
                .mapToObj(border -> segment(border, "honest"))
                .toList();
    }

    private static SegmentHashes segment(int border, String flavour) {
        var seed = flavour + " " + border;
        return new SegmentHashes(
                border,
                content("adapter " + seed),
                content("optimizer " + seed),
                content("state " + seed),
                content("metrics " + seed));
    }

    private static ContentId content(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
