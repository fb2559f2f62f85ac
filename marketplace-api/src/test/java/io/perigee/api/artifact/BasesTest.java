package io.perigee.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.api.artifact.filesystem.FilesystemArtifactStore;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BasesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String CONFIG = """
      {"model_type": "llama", "hidden_size": 64, "num_attention_heads": 4, "vocab_size": 512, "intermediate_size": 128,
       "num_hidden_layers": 2}""";

    @TempDir
    Path dir;

    private final AtomicInteger opened = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private FilesystemArtifactStore store;
    private Bases bases;

    @BeforeEach
    void create() throws IOException {
        store = new FilesystemArtifactStore(dir.resolve("store"));
        bases = bases(new PassingStore(store) {
            @Override
            public Optional<InputStream> open(ContentId content, long offset) throws IOException {
                opened.incrementAndGet();
                return super.open(content, offset);
            }
        });
    }

    @Test
    void shouldReadABaseThatHasNoShapeOnce() throws IOException {
        // given
        var spec = spec(base("weights", "none of ours"));

        // when
        var first = shape(spec);
        var second = shape(spec);

        // then
        assertThat(first).isEmpty();
        assertThat(second).isEmpty();
        assertThat(opened).hasValue(1);
    }

    @Test
    void shouldReadABaseWithAConfigurationNobodyKnowsOnce() throws IOException {
        // given
        var spec = spec(base("config.json", "{}"));

        // when
        shape(spec);
        shape(spec);

        // then: the manifest and the file
        assertThat(opened).hasValue(2);
    }

    @Test
    void shouldKnowAShapeThatCameLater() throws IOException {
        // given: asked for before it is here
        var manifest = manifest("config.json", CONFIG);
        var spec = spec(manifest.digest());
        var before = shape(spec);

        // when
        var after = shape(spec(base("config.json", CONFIG)));

        // then
        assertThat(before).isEmpty();
        assertThat(after).map(ModelShape::layers).contains(2);
    }

    @Test
    void shouldReadForOneStretchOfTimeHoweverManyBasesAreNamed() throws IOException {
        // given: one base that was read, and then a store that stands still
        var standing = new AtomicBoolean();
        var still = bases(new PassingStore(store) {
            @Override
            public Optional<InputStream> open(ContentId content, long offset) throws IOException {
                opened.incrementAndGet();
                if (standing.get()) {
                    await(go);
                }
                return super.open(content, offset);
            }
        });
        var known = spec(base("config.json", CONFIG));
        still.shape(known).await().atMost(SOON);
        standing.set(true);
        var shapes = new BaseShapes(still, Duration.ofMillis(50));
        var some = spec(base("a", "a"));
        var other = spec(base("b", "b"));

        // when
        assertThatThrownBy(() -> shapes.of(some)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(
                        refused.rejected().code())
                .isEqualTo(ErrorCode.TIMED_OUT));
        int asked = opened.get();
        assertThatThrownBy(() -> shapes.of(other)).isInstanceOf(Refused.class);

        // then: others that need nothing read are answered
        assertThat(opened).hasValue(asked);
        assertThat(shapes.of(known)).isNotNull();
        go.countDown();
    }

    private Bases bases(ArtifactStore from) {
        return new Bases(from, new Manifests(new SimpleMeterRegistry(), SOON));
    }

    private Optional<ModelShape> shape(JobSpec spec) {
        return bases.shape(spec).await().atMost(SOON);
    }

    private ContentId base(String path, String text) throws IOException {
        store.ingest(Files.writeString(dir.resolve("file"), text));
        return store.ingest(
                Files.write(dir.resolve("manifest"), manifest(path, text).bytes()));
    }

    private static Manifest manifest(String path, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Manifest(List.of(new FileEntry(path, bytes.length, Sha256.of(bytes))));
    }

    private static JobSpec spec(ContentId base) {
        var spec = (ObjectNode) Json.tree(SampleJobs.lora(2));
        return Json.read(spec.put("base", base.value()), JobSpec.class);
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
