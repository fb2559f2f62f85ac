package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.UploadView;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When manifests are read, and what becomes of those whose files are gone. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class ManifestIT {
    private static final String FILE = "application/octet-stream";

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @Test
    void shouldNotReadAManifestAgainWhileItLacksTheSame() {
        // given: the largest there is, of which nothing is here
        var manifest = new Manifest(IntStream.range(0, Manifest.MAX_FILES)
                        .mapToObj(i -> new FileEntry(
                                ("d".repeat(26) + "/").repeat(15) + i,
                                1,
                                Sha256.of(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8))))
                        .toList())
                .bytes();
        var upload = door.announce(manifest, Manifest.MEDIA_TYPE);
        door.append(upload, 0, manifest).then().statusCode(422);
        var before = read();

        // when
        var answers = again(upload, manifest.length, 30);

        // then
        assertThat(read()).isEqualTo(before);
        // those that came while another was answered are told so
        assertThat(answers).hasSize(30).contains(422).isSubsetOf(422, 409);
    }

    private List<Integer> again(UploadView upload, int offset, int times) {
        var answers = new ConcurrentLinkedQueue<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < times; i++) {
                threads.submit(() ->
                        answers.add(door.append(upload, offset, new byte[0]).statusCode()));
            }
        }
        return List.copyOf(answers);
    }

    @Test
    void shouldReadABaseWithoutAConfigurationOnceForAllQuotes() {
        // given
        var spec = door.spec();
        door.quote(spec);
        var before = read();

        // when
        door.quote(spec);

        // then
        assertThat(read()).isEqualTo(before);
    }

    @Test
    void shouldReadNoBaseForOrdersThatNobodyPays() {
        // given: of a wallet without an allotment
        var quoted = door.signed(door.quote(door.spec()));
        var orders = IntStream.range(0, 5)
                .mapToObj(i -> order(quoted, door.directory("base " + i)))
                .toList();
        var before = read();

        // when
        var answers = Door.read(
                        Door.post(
                                door.asking().urlEncodingEnabled(false),
                                "/api/v1/jobs:batch",
                                new BatchSubmission(orders)),
                        BatchAnswer.class)
                .answers();

        // then
        assertThat(answers).hasSize(5).allSatisfy(answer -> assertThat(
                        answer.problem().code())
                .isEqualTo(ErrorCode.ALLOTMENT_TOO_SMALL.name()));
        assertThat(read()).isEqualTo(before);
    }

    private KeyedSubmission order(SubmitRequest like, ContentId base) {
        var spec = Json.read(((ObjectNode) Json.tree(like.spec())).put("base", base.value()), JobSpec.class);
        var random = new byte[Uuid7.RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        var other = like.order();
        var order = new JobOrder(
                other.builder(),
                other.hub(),
                new JobId(Uuid7.of(Instant.now(), random)),
                SpecHash.of(spec),
                other.token(),
                other.maxPayment(),
                other.segments(),
                other.quorum(),
                other.direct(),
                other.validAfter(),
                other.deadline());
        return new KeyedSubmission(
                order.jobId().toString(),
                new SubmitRequest(spec, order, door.wallet().sign(order.digest(Parties.DOMAIN))));
    }

    @Test
    void shouldAskAgainForAFileThatIsGone() throws IOException {
        // given
        var bytes = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        var id = Door.upload(door.token(), bytes, FILE);
        takeAway(id);

        // when
        var again = door.announce(bytes, FILE);

        // then
        assertThat(again.complete()).isFalse();
        door.append(again, 0, bytes).then().statusCode(200).body("complete", equalTo(true));
        assertThat(door.get("/artifacts/{id}", id).asByteArray()).isEqualTo(bytes);
    }

    @Test
    void shouldRefuseAManifestOfAFileThatIsGone() throws IOException {
        // given
        var bytes = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        var id = Door.upload(door.token(), bytes, FILE);
        takeAway(id);
        var manifest = new Manifest(List.of(new FileEntry("file", bytes.length, id))).bytes();

        // when
        var answer = door.append(door.announce(manifest, Manifest.MEDIA_TYPE), 0, manifest);

        // then
        answer.then().statusCode(422).body("code", equalTo("ARTIFACT_MISSING"));
    }

    @Test
    void shouldFinishAnUploadOnceHoweverManyAskForIt() {
        // given: a manifest whose files came after it
        var files = new ArrayList<FileEntry>();
        for (int i = 0; i < 20; i++) {
            var bytes = (i + " of " + door.wallet().address()).getBytes(StandardCharsets.UTF_8);
            files.add(new FileEntry("file" + i, bytes.length, Sha256.of(bytes)));
        }
        var manifest = new Manifest(files).bytes();
        var upload = door.announce(manifest, Manifest.MEDIA_TYPE);
        door.append(upload, 0, manifest).then().statusCode(422);
        for (int i = 0; i < 20; i++) {
            Door.upload(door.token(), (i + " of " + door.wallet().address()).getBytes(StandardCharsets.UTF_8), FILE);
        }

        // when
        var answers = again(upload, manifest.length, 12);

        // then: who comes between is told that another is at it, or that it is at its beginning again
        assertThat(answers).hasSize(12).contains(200).isSubsetOf(200, 409);
        door.get("/artifacts/{id}", upload.sha256()).then().statusCode(200);
    }

    /** As an operator would who needs room. */
    private static void takeAway(ContentId id) throws IOException {
        var dir = Path.of(ConfigProvider.getConfig().getValue("perigee.api.artifacts.dir", String.class));
        Files.delete(dir.resolve("content").resolve(id.hex().substring(0, 2)).resolve(id.hex()));
    }

    private static long read() {
        return Operations.metrics()
                .lines()
                .filter(line -> line.startsWith("perigee_manifests_read_total"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
