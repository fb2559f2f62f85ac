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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What surrounds an attempt: an engine, a disk and a hub that do what the test says, trouble included. */
class AttemptLab {
    static final int BORDERS = 12;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path directory;
    final Parties parties = Parties.fresh();
    final Link hub = new Link();
    final AtomicInteger hashed = new AtomicInteger();
    /** So many looks at a border fail with an error. */
    final AtomicInteger errors = new AtomicInteger();
    /** Borders of whose files a loss of power left a part. */
    final Set<Integer> torn = ConcurrentHashMap.newKeySet();

    int hashedAtKill = -1;
    long reserve;
    volatile boolean unusable;
    Clock clock = Clock.systemUTC();

    @Nullable
    String boot = "this";

    ArtifactStore artifacts = new Nowhere();

    final FakeRuntime runtime = new FakeRuntime() {
        @Override
        public String start(ContainerSpec spec) {
            if (unusable) {
                throw new UnusableImage(spec.image(), "no command specified");
            }
            torn.clear();
            write();
            return super.start(spec);
        }

        @Override
        public void kill(String container) {
            hashedAtKill = hashed.get();
            super.kill(container);
        }
    };

    private @Nullable JobFiles files;

    AttemptLab(Path directory) {
        this.directory = directory;
    }

    /** What the hub is told, in order; it may have no room for so many messages. */
    static final class Link implements HubLink {
        final AtomicInteger full = new AtomicInteger();
        private final BlockingQueue<AgentMessage> said = new LinkedBlockingQueue<>();
        volatile Class<? extends AgentMessage> fullOf = AgentMessage.Commit.class;

        @Override
        public void send(AgentMessage message) {
            if (fullOf.isInstance(message) && full.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
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

        <T extends AgentMessage> T hear(Class<T> kind) throws InterruptedException {
            return hear(kind, _ -> true);
        }

        <T extends AgentMessage> T hear(Class<T> kind, Predicate<T> which) throws InterruptedException {
            while (true) {
                var message = said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(message).isNotNull();
                if (kind.isInstance(message) && which.test(kind.cast(message))) {
                    return kind.cast(message);
                }
            }
        }

        /** What was said since it was last heard. */
        List<AgentMessage> rest() {
            return List.copyOf(said);
        }

        AgentMessage lastCommitOrFailure() throws InterruptedException {
            return hear(
                    AgentMessage.class,
                    message -> message instanceof AgentMessage.Failed
                            || message instanceof AgentMessage.Commit commit
                                    && commit.commitment().toBorder() == BORDERS);
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

    static class Nowhere implements ArtifactStore {
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
                ContentId id, long size, String mediaType, Source source, Duration patience, Cancellation cancellation)
                throws IOException, InterruptedException {}
    }

    AttemptRecord accepted(AWork asked) {
        var work = asked.borders(BORDERS).withoutMethod().disk(1_000_000_000).build();
        return AttemptRecord.accepted(
                work,
                work.assignment().digest(parties.domain()),
                List.of(),
                parties.enrolment("http://hub"),
                Instant.now());
    }

    /** That sealed so many borders, whose files are there. */
    AttemptRecord sealed(AttemptRecord accepted, int border) {
        files = new JobFiles(record(accepted).resolve("job"));
        try {
            Files.createDirectories(files.checkpoints());
            Files.createDirectories(files.outputs());
            Files.writeString(files.progress(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write();
        var sealed = accepted;
        for (int each = 1; each <= border; each++) {
            sealed = sealed.with(whole(each));
        }
        return sealed;
    }

    Attempt attempt(AttemptRecord record) {
        files = new JobFiles(record(record).resolve("job"));
        var tools = tools();
        tools.store().save(record);
        return new Attempt(tools, record, _ -> {});
    }

    Tools tools() {
        return tools(new Sealer(parties.agent(), parties.domain()));
    }

    Tools tools(Sealer sealer) {
        try {
            var cache =
                    new ContentCache(sub("cache"), 1 << 20, new Endless(), DiskReserve.of(directory, reserve), clock);
            var loaded = new LoadedImages(sub("images"), 1, runtime, clock);
            return new Tools(
                    new AttemptStore(sub("attempts"), sub("history"), 10),
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
                    new Uploads(artifacts),
                    this::hash,
                    ClassBook.open(directory.resolve("classes")),
                    DiskReserve.of(directory, reserve),
                    sealer,
                    hub,
                    clock,
                    boot,
                    new Tools.ExecutionTiming(
                            Duration.ofMillis(10),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(20),
                            8,
                            Duration.ofHours(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path sub(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** The directory of an attempt. */
    Path record(AttemptRecord attempt) {
        return directory
                .resolve("attempts")
                .resolve(attempt.assignmentHash().value().substring(2));
    }

    /** All that the job has to write, at once. */
    private void write() {
        try {
            var here = files;
            if (here == null) {
                throw new IllegalStateException("no attempt");
            }
            for (int border = 1; border <= BORDERS; border++) {
                var checkpoint = Files.createDirectories(here.checkpoint(border));
                for (var name : CheckpointHasher.FILES) {
                    Files.writeString(checkpoint.resolve(name), name + border);
                }
                Files.writeString(checkpoint.resolve(CheckpointHasher.DONE), "");
            }
            Files.writeString(here.outputs().resolve("model"), "a model");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SegmentHashes hash(int border, Path checkpoint) {
        if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StackOverflowError("A fault");
        }
        hashed.incrementAndGet();
        return torn.contains(border) ? segment(border, "torn") : whole(border);
    }

    private static SegmentHashes whole(int border) {
        return segment(border, "whole");
    }

    private static SegmentHashes segment(int border, String how) {
        var content = Sha256.of(new byte[] {(byte) border, (byte) how.length()});
        return new SegmentHashes(border, content, content, content, content);
    }
}
