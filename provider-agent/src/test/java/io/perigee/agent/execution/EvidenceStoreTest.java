package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.identity.Enrolment;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.gateway.HubMessage.ReceiptGiven;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent leaves on disk for the day its hub is gone. */
final class EvidenceStoreTest {
    private static final ContentId OUTPUTS = content("outputs");

    @TempDir
    Path directory;

    private final Parties parties = Parties.fresh();
    private final Sealer sealer = new Sealer(parties.agent(), parties.domain());

    private EvidenceStore store(int remembered) {
        return store(remembered, 100, Clock.systemUTC());
    }

    private EvidenceStore store(int remembered, int most, Clock clock) {
        return new EvidenceStore(directory, sealer, parties.enrolment("http://hub"), remembered, most, clock);
    }

    private AttemptRecord run(AssignmentOffer work) {
        var run = AttemptRecord.accepted(
                work,
                work.assignment().digest(parties.domain()),
                List.of(),
                parties.enrolment("http://hub"),
                Instant.EPOCH);
        for (int border = 1; border <= work.assignment().toBorder(); border++) {
            run = run.with(new SegmentHashes(
                    border,
                    content("adapter" + border),
                    content("optimizer" + border),
                    content("state" + border),
                    content("metrics" + border)));
        }
        return run;
    }

    private AttemptRecord receipted(AttemptRecord run, int border) {
        var commitment = sealer.commitment(run, border, border == run.toBorder() ? OUTPUTS : null);
        var receipt = new Receipt(commitment.digest(parties.domain()), 7, 0);
        return run.with(new ReceiptGiven(
                run.work().jobId(), commitment, receipt, parties.hub().sign(receipt.digest(parties.domain()))));
    }

    @Test
    void shouldKeepTheWholeAndTheReceiptedParts() throws IOException {
        // given
        var work = AWork.of(parties).build();
        var run = receipted(receipted(run(work), 1), 3).in(new Phase.Finished(OUTPUTS, null));

        // when
        store(10).keep(run);

        // then
        var kept = kept();
        assertThat(kept.seals()).extracting(KeptSeal::border).containsExactly(1, 3);
        assertThat(kept.seals()).allMatch(KeptSeal::receipted);
        assertThat(kept.furthest().opening().outputDigest()).isEqualTo(OUTPUTS.digest());
        assertThat(kept.orderHash()).isEqualTo(work.assignment().orderHash());
        assertThat(kept.seals())
                .allMatch(seal -> Signatures.isBy(
                        parties.agent().address(), seal.commitment().digest(parties.domain()), seal.signature()));
        assertThat(Signatures.isBy(
                        parties.agent().address(),
                        new Acceptance(kept.assignmentHash()).digest(parties.domain()),
                        kept.acceptance()))
                .isTrue();
    }

    @Test
    void shouldAddTheReceiptWhenItComes() throws IOException {
        // given
        var run = run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null));
        store(10).keep(run);
        var before = kept().furthest().receipted();

        // when
        store(10).keep(receipted(run, 3));

        // then
        assertThat(before).isFalse();
        assertThat(kept().furthest().receipted()).isTrue();
    }

    @Test
    void shouldKeepTheWholeWhenAPartIsOpenedAfterIt() throws IOException {
        // given
        var run = receipted(receipted(run(AWork.of(parties).build()), 2), 3);
        store(10).keep(run.in(new Phase.Opened(3, OUTPUTS, null)));

        // when
        store(10).keep(run.in(new Phase.Opened(2, null, null)));

        // then
        assertThat(kept().seals()).extracting(KeptSeal::border).containsExactly(2, 3);
        assertThat(kept().furthest().opening().outputDigest()).isEqualTo(OUTPUTS.digest());
    }

    @Test
    void shouldKeepTheReceiptedPartsOfARunThatFailedForLackOfAHub() throws IOException {
        // given
        var run = receipted(receipted(run(AWork.of(parties).build()), 1), 2);

        // when
        store(10).keep(run.in(new Phase.Failed(FailureKind.ENGINE, null, "no upload")));

        // then
        assertThat(kept().seals()).extracting(KeptSeal::border).containsExactly(1, 2);
    }

    @Test
    void shouldKeepAJobWithoutSegments() throws IOException {
        // given
        var run = run(AWork.of(parties).borders(0).build()).in(new Phase.Finished(OUTPUTS, null));

        // when
        store(10).keep(run);

        // then
        assertThat(kept().furthest().border()).isZero();
        assertThat(kept().furthest().opening().leafCount()).isZero();
    }

    @Test
    void shouldKeepNothingWhileTheRunGoesOn() throws IOException {
        store(10)
                .keep(receipted(run(AWork.of(parties).build()), 1)
                        .in(new Phase.Running("container", Instant.EPOCH, null)));
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldAddWhatIsOpenedInPassingWhileTheRunGoesOn() throws IOException {
        // given
        var run = receipted(receipted(run(AWork.of(parties).build()), 1), 2)
                .in(new Phase.Running("container", Instant.EPOCH, null));
        store(10).keepPassed(run, 1);

        // when
        store(10).keepPassed(run, 2);

        // then
        assertThat(kept().seals()).extracting(KeptSeal::border).containsExactly(1, 2);
        assertThat(kept().seals()).allMatch(KeptSeal::receipted);
        assertThat(kept().verdict()).isNull();
    }

    @Test
    void shouldKeepTheVerdictThatAnAuditorSigned() throws IOException {
        // given
        var run = receipted(run(AWork.of(parties).auditing(0, 3, null).build()), 3);
        var commitment = content("another's commitment").digest();
        var verdict = new Verdict(run.assignmentHash(), commitment, Digest.ZERO, Digest.ZERO, 3);

        // when
        store(10).keep(run.in(new Phase.Opened(3, OUTPUTS, null)).with(verdict));

        // then
        var kept = kept().verdict();
        assertThat(kept).isNotNull();
        assertThat(kept.verdict()).isEqualTo(verdict);
        assertThat(Signatures.isBy(parties.agent().address(), verdict.digest(parties.domain()), kept.signature()))
                .isTrue();
    }

    @Test
    void shouldNameTheKeyThatWasInForceThoughTheOwnerEnrolledAgain() throws IOException {
        // given
        var run = run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null));
        store(10).keep(run);
        var before = kept();

        // when
        enrolledAgain(parties.agent()).keep(receipted(run, 3));

        // then
        assertThat(kept().sessionKey()).isEqualTo(before.sessionKey());
        assertThat(kept().sessionKeySignature()).isEqualTo(before.sessionKeySignature());
        assertThat(kept().sessionKey().serial()).isOne();
        assertThat(kept().furthest().receipted()).isTrue();
    }

    @Test
    void shouldNameTheKeyOfTheFileWhereARecordOfBeforeNamesNone() throws IOException {
        // given
        var run = run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null));
        store(10).keep(run);
        var before = kept();

        // when
        enrolledAgain(parties.agent()).keep(withoutKey(receipted(run, 3)));

        // then
        assertThat(kept().sessionKey()).isEqualTo(before.sessionKey());
        assertThat(kept().furthest().receipted()).isTrue();
    }

    @Test
    void shouldKeepWhatTheOldKeySignedWhereItIsGone() throws IOException {
        // given
        var run = run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null));
        store(10).keep(run);
        var before = kept();

        // when
        enrolledAgain(Parties.fresh().agent()).keep(receipted(run, 3));

        // then
        assertThat(kept()).isEqualTo(before);
    }

    /** What a later start makes of a home whose owner enrolled this key. */
    private EvidenceStore enrolledAgain(KeyPair key) {
        var later = parties.withAgent(key).enrolment("http://hub");
        var old = later.sessionKey();
        var next = new SessionKey(
                old.owner(),
                old.provider(),
                old.key(),
                old.hub(),
                old.serial() + 1,
                old.notBefore() + 60,
                old.expiresAt() + 60);
        var enrolment = new Enrolment(
                next,
                parties.owner().sign(next.digest(parties.domain())),
                later.hubUrl(),
                later.chainId(),
                later.escrow());
        var signing = new Sealer(key, parties.domain());
        return new EvidenceStore(directory, signing, enrolment, 10, 100, Clock.systemUTC());
    }

    private static AttemptRecord withoutKey(AttemptRecord run) {
        return new AttemptRecord(
                run.work(),
                run.assignmentHash(),
                run.acceptedAt(),
                run.gpus(),
                run.phase(),
                run.segments(),
                run.receipts(),
                run.verdict(),
                null);
    }

    @Test
    void shouldForgetTheOldest() throws IOException {
        // given
        var oldest = run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null));
        store(2).keep(oldest);
        assertThat(files().getFirst().toFile().setLastModified(1)).isTrue();

        // when
        store(2).keep(run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null)));
        store(2).keep(run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null)));

        // then
        assertThat(files()).hasSize(2).noneMatch(file -> file.toString()
                .contains(oldest.assignmentHash().value().substring(2)));
    }

    @Test
    void shouldForgetNothingThatItsOwnerMayStillBePaidFor() throws IOException {
        // given
        var clock = Clock.systemUTC();
        var after = Clock.offset(clock, Duration.ofDays(100));

        // when
        for (int i = 0; i < 5; i++) {
            store(1, 4, clock).keep(run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null)));
        }
        int before = files().size();
        store(1, 4, after).keep(run(AWork.of(parties).build()).in(new Phase.Finished(OUTPUTS, null)));

        // then
        assertThat(before).isEqualTo(4);
        assertThat(files()).hasSize(1);
    }

    private KeptEvidence kept() throws IOException {
        assertThat(files()).hasSize(1);
        return Json.read(Files.readAllBytes(files().getFirst()), KeptEvidence.class);
    }

    private List<Path> files() throws IOException {
        try (var listing = Files.list(directory)) {
            return listing.toList();
        }
    }

    private static ContentId content(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
