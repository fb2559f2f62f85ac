package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.testing.AWork;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.process.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One attempt in a world that is in trouble: an engine that hiccups, a disk or an outbox without room, a fault. */
final class AttemptTest {
    private static final int BORDERS = AttemptLab.BORDERS;
    private static final Duration PATIENCE = AttemptLab.PATIENCE;

    @TempDir
    private Path directory;

    private AttemptLab lab;
    private FakeRuntime runtime;
    private AttemptLab.Link hub;
    private @Nullable Attempt attempt;

    @BeforeEach
    void build() {
        lab = new AttemptLab(directory);
        runtime = lab.runtime;
        hub = lab.hub;
    }

    private void begin(long reserved) {
        begin(AWork.of(lab.parties), reserved);
    }

    private void begin(AWork asked, long reserved) {
        lab.reserve = reserved;
        begin(lab.accepted(asked));
    }

    private void begin(AttemptRecord record) {
        attempt = lab.attempt(record);
        attempt.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        attempt().tell(new Signal.Close(null, "The test is over"));
        attempt().join(PATIENCE);
    }

    private Attempt attempt() {
        return Objects.requireNonNull(attempt);
    }

    private Path record() {
        return lab.record(attempt().record());
    }

    @Test
    void shouldKillAJobThatFillsTheDiskHoweverManyBordersItLeaves() throws Exception {
        // when
        begin(Files.getFileStore(directory).getTotalSpace() + 1);

        // then
        assertThat(runtime.killed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(lab.hashedAtKill).isLessThan(5);
        assertThat(hub.hear(AgentMessage.Failed.class).kind()).isEqualTo(FailureKind.ENGINE);
        assertThat(runtime.terminated.getCount()).isOne();
    }

    @Test
    void shouldBlameAJobWhoseImageCanBeStartedNowhere() throws Exception {
        // given
        lab.unusable = true;

        // when
        begin(0);
        var failed = hub.hear(AgentMessage.Failed.class);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.BAD_SPEC);
        assertThat(failed.detail()).contains("no command specified");
        assertThat(runtime.starts).hasValue(0);
    }

    @Test
    void shouldFailAndNoteItWhenTheDiskRunsShortOfItsInputs() throws Exception {
        // when
        begin(
                AWork.of(lab.parties).dataset(Sha256.of(new byte[1])),
                Files.getFileStore(directory).getTotalSpace() + 1);
        var failed = hub.hear(AgentMessage.Failed.class);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.ENGINE);
        assertThat(failed.detail()).contains("less is free than the owner reserves");
        assertThat(attempt().record().phase()).isInstanceOf(Phase.Failed.class);
        assertThat(directory.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void shouldNotLoseDoneWorkToAnEngineThatFailsForAMoment() throws Exception {
        // given
        begin(0);
        hub.hear(AgentMessage.Commit.class);

        // when
        runtime.failures.set(2);
        runtime.exit(0);

        // then
        assertThat(hub.lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
        assertThat(runtime.starts).hasValue(1);
    }

    @Test
    void shouldReportWhatHappenedOnceItCanBeStored() throws Exception {
        // given: no room for a record
        begin(0);
        hub.hear(AgentMessage.Commit.class);
        var noRoom = Files.createDirectory(record().resolve(".attempt.json.tmp"));

        // when
        runtime.exit(64);
        assertThat(runtime.removed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        Files.delete(noRoom);

        // then
        assertThat(hub.hear(AgentMessage.Failed.class).kind()).isIn(FailureKind.BAD_SPEC, FailureKind.ENGINE);
        assertThat(runtime.starts).hasValue(1);
    }

    @Test
    void shouldSayLaterWhatTheOutboxHasNoRoomFor() throws Exception {
        // given
        hub.full.set(3);

        // when
        begin(0);
        runtime.started.await();
        runtime.exit(0);

        // then
        assertThat(hub.lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
    }

    @Test
    void shouldStillHaltWhenTheOutboxHadNoRoomOnTheWay() throws Exception {
        // given: the first border is sealed before it is told to halt, the next when it is, the third when it is again
        hub.full.set(3);

        // when
        begin(0);
        attempt().tell(new Signal.HaltAt(BORDERS - 2));
        assertThat(saidAgain().commitment().toBorder()).isOne();

        // then
        assertThat(attempt().record().phase()).isEqualTo(new Phase.Halted(BORDERS - 2));
    }

    /** The first border's commitment, for which there was no room. */
    private AgentMessage.Commit saidAgain() throws InterruptedException {
        while (true) {
            var commit = hub.hear(AgentMessage.Commit.class);
            if (commit.commitment().toBorder() == 1) {
                return commit;
            }
        }
    }

    @Test
    void shouldGoOnAfterAFaultOfItsOwn() throws Exception {
        // given
        lab.errors.set(2);

        // when
        begin(0);
        runtime.started.await();
        runtime.exit(0);

        // then
        assertThat(hub.lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
    }

    @Test
    void shouldTellTheHubOfAFaultThatDoesNotGoAway() throws Exception {
        // given
        lab.errors.set(Integer.MAX_VALUE);

        // when
        begin(0);
        var failed = hub.hear(AgentMessage.Failed.class);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.ENGINE);
        assertThat(failed.detail()).contains("fails again and again");
        assertThat(runtime.removed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void shouldHearThatItIsOverWhileAFaultRepeats() throws Exception {
        // given
        lab.errors.set(Integer.MAX_VALUE);
        begin(0);
        Await.until(PATIENCE, () -> lab.errors.get() < Integer.MAX_VALUE - 1, () -> "no fault");

        // when
        attempt().tell(new Signal.Close(null, "Stopped by the hub"));
        attempt().join(PATIENCE);

        // then
        assertThat(attempt().record().phase()).isEqualTo(new Phase.Closed(null, "Stopped by the hub"));
    }

    /** A loss of power left a part of what was passed. */
    @Test
    void shouldBlameNobodyForAPassedBorderWhoseFilesAreLost() throws Exception {
        // given
        var record = lab.sealed(lab.accepted(AWork.of(lab.parties).audited()), 9);
        lab.torn.add(8);
        runs();

        // when
        begin(record.in(new Phase.Running("container", Instant.now(), "this")));
        hub.hear(AgentMessage.Commit.class, commit -> commit.commitment().toBorder() == 11);
        runtime.exit(0);

        // then
        assertThat(hub.lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
    }

    @Test
    void shouldTakeNoBorderThatALossOfPowerMayHaveTorn() throws Exception {
        // given: the fourth is complete by its name only
        var accepted = lab.accepted(AWork.of(lab.parties));
        var record = lab.sealed(accepted, 3);
        lab.torn.add(4);
        runtime.listed = true;
        runtime.exit(255);

        // when
        begin(record.in(new Phase.Running("container", Instant.now(), "the one before")));
        runtime.started.await();
        runtime.exit(0);
        var last = hub.lastCommitOrFailure();

        // then
        assertThat(last).isInstanceOf(AgentMessage.Commit.class);
        assertThat(attempt().record().segments())
                .isEqualTo(lab.sealed(accepted, BORDERS).segments());
    }

    private void runs() {
        runtime.state = new ContainerState.Running();
        runtime.listed = true;
    }

    /** The line may need longer for the whole than the part may wait. */
    @Test
    void shouldHearThatAPartIsWantedWhileItUploadsTheWhole() throws Exception {
        // given
        var uploading = new CountDownLatch(1);
        lab.artifacts = new AttemptLab.Nowhere() {
            @Override
            public void upload(
                    ContentId id,
                    long size,
                    String mediaType,
                    Source source,
                    Duration patience,
                    Cancellation cancellation)
                    throws InterruptedException {
                uploading.countDown();
                new CountDownLatch(1).await();
            }
        };
        begin(0);
        runtime.started.await();
        runtime.exit(0);
        uploading.await();

        // when
        attempt().tell(new Signal.HaltAt(BORDERS - 2));

        // then
        Await.until(
                PATIENCE,
                () -> attempt().record().phase().equals(new Phase.Halted(BORDERS - 2)),
                () -> "it goes on with " + attempt().record().phase());
    }
}
