package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.artifact.ContentCache;
import io.perigee.agent.capability.ClassBook;
import io.perigee.agent.gateway.HubLink;
import io.perigee.agent.gateway.Outbox;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.agent.sandbox.UnusableImage;
import io.perigee.agent.store.DiskReserve;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One attempt in a world that is in trouble: an engine that hiccups, a disk or an outbox without room, a fault. */
final class AttemptTest {
    private static final int BORDERS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final Parties parties = Parties.fresh();
    private final Link hub = new Link();
    private final AtomicInteger hashed = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private int hashedAtKill = -1;
    private long reserve;
    private volatile boolean unusable;
    private @Nullable Attempt attempt;

    private final FakeRuntime runtime = new FakeRuntime() {
        @Override
        public String start(ContainerSpec spec) {
            if (unusable) {
                throw new UnusableImage(spec.image(), "no command specified");
            }
            write();
            return super.start(spec);
        }

        @Override
        public void kill(String container) {
            hashedAtKill = hashed.get();
            super.kill(container);
        }
    };

    /** What the hub is told, in order; it may have no room for so many messages. */
    private static final class Link implements HubLink {
        private final BlockingQueue<AgentMessage> said = new LinkedBlockingQueue<>();
        private final AtomicInteger full = new AtomicInteger();

        @Override
        public void send(AgentMessage message) {
            if (message instanceof AgentMessage.Commit && full.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new Outbox.Full("no room");
            }
            said.add(message);
        }

        @Override
        public void drop(Digest assignmentHash) {}

        @Override
        public void renewLogin(String why) {}

        @Override
        public void tell(AgentMessage message) {}

        private <T extends AgentMessage> T hear(Class<T> kind) throws InterruptedException {
            while (true) {
                var message = said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(message).isNotNull();
                if (kind.isInstance(message)) {
                    return kind.cast(message);
                }
            }
        }
    }

    /** A hub whose artifacts have no end. */
    private static final class Endless extends Nowhere {
        @Override
        public long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation)
                throws IOException {
            for (long left = most; left > 0; left--) {
                target.write(0);
            }
            return most;
        }
    }

    private static class Nowhere implements ArtifactStore {
        @Override
        public HubInfo hub(Duration patience, Cancellation cancellation) throws IOException {
            throw new IOException("no hub");
        }

        @Override
        public long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation)
                throws IOException {
            throw new IOException("no hub");
        }

        @Override
        public void upload(
                ContentId id,
                long size,
                String mediaType,
                Source source,
                Duration patience,
                Cancellation cancellation) {}
    }

    private void begin(long reserved) {
        begin(AWork.of(parties), reserved);
    }

    private void begin(AWork asked, long reserved) {
        reserve = reserved;
        var work = asked.borders(BORDERS).withoutMethod().disk(1_000_000_000).build();
        attempt = attempt(AttemptRecord.accepted(
                work,
                work.assignment().digest(parties.domain()),
                List.of(),
                parties.enrolment("http://hub"),
                Instant.now()));
        attempt.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        attempt().tell(new Signal.Close(null, "The test is over"));
        attempt().join(PATIENCE);
    }

    private Attempt attempt(AttemptRecord record) {
        try {
            var clock = Clock.systemUTC();
            var sealer = new Sealer(parties.agent(), parties.domain());
            var store = new AttemptStore(sub("attempts"), sub("history"), 10);
            var cache =
                    new ContentCache(sub("cache"), 1 << 20, new Endless(), DiskReserve.of(directory, reserve), clock);
            var loaded = new LoadedImages(sub("images"), 1, runtime, clock);
            store.save(record);
            var tools = new Tools(
                    store,
                    new EvidenceStore(sub("evidence"), sealer, parties.enrolment("http://hub"), 10, 10, clock),
                    runtime,
                    new SandboxPolicy(
                            1L << 40,
                            64,
                            1L << 40,
                            0,
                            10,
                            1_000_000,
                            1_000,
                            ContainerSpec.User.NOBODY,
                            Optional.empty()),
                    new Images(runtime, loaded, new Nowhere(), cache, () -> false, 1, Duration.ZERO),
                    new Workspace(cache, Duration.ZERO),
                    new Uploads(new Nowhere()),
                    this::hash,
                    ClassBook.open(directory.resolve("classes")),
                    DiskReserve.of(directory, reserve),
                    sealer,
                    hub,
                    clock,
                    new Tools.ExecutionTiming(
                            Duration.ofMillis(10),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(20),
                            8,
                            Duration.ofHours(1)));
            return new Attempt(tools, record, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path sub(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private Attempt attempt() {
        return Objects.requireNonNull(attempt);
    }

    private JobFiles files() {
        return new JobFiles(record().resolve("job"));
    }

    private Path record() {
        return directory
                .resolve("attempts")
                .resolve(attempt().record().assignmentHash().value().substring(2));
    }

    /** All that the job has to write, at once. */
    private void write() {
        try {
            for (int border = 1; border <= BORDERS; border++) {
                Files.createDirectory(files().checkpoint(border));
                Files.createFile(files().checkpoint(border).resolve(CheckpointHasher.DONE));
            }
            Files.writeString(files().outputs().resolve("model"), "a model");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SegmentHashes hash(int border, Path checkpoint) {
        if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StackOverflowError("A fault");
        }
        hashed.incrementAndGet();
        var content = Sha256.of(new byte[] {(byte) border});
        return new SegmentHashes(border, content, content, content, content);
    }

    @Test
    void shouldKillAJobThatFillsTheDiskHoweverManyBordersItLeaves() throws Exception {
        // when
        begin(Files.getFileStore(directory).getTotalSpace() + 1);

        // then
        assertThat(runtime.killed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(hashedAtKill).isLessThan(5);
        assertThat(hub.hear(AgentMessage.Failed.class).kind()).isEqualTo(FailureKind.ENGINE);
        assertThat(runtime.terminated.getCount()).isOne();
    }

    @Test
    void shouldBlameAJobWhoseImageCanBeStartedNowhere() throws Exception {
        // given
        unusable = true;

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
                AWork.of(parties).dataset(Sha256.of(new byte[1])),
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
        assertThat(lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
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
        assertThat(lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
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
        errors.set(2);

        // when
        begin(0);
        runtime.started.await();
        runtime.exit(0);

        // then
        assertThat(lastCommitOrFailure()).isInstanceOf(AgentMessage.Commit.class);
    }

    private AgentMessage lastCommitOrFailure() throws InterruptedException {
        while (true) {
            var message = hub.hear(AgentMessage.class);
            boolean last = message instanceof AgentMessage.Commit commit
                    && commit.commitment().toBorder() == BORDERS;
            if (last || message instanceof AgentMessage.Failed) {
                return message;
            }
        }
    }
}
