package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.artifact.Collector;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of artifacts that nobody uses. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class CollectorIT {
    private static final String FILE = "application/octet-stream";

    @Inject
    Collector collector;

    @Inject
    Database database;

    @Inject
    ArtifactStore store;

    private Door door;
    private final byte[] bytes = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    private final ContentId id = Sha256.of(bytes);

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @Test
    void shouldDeleteADirectoryThatNobodyUsedForLongAndThenItsFiles() throws IOException {
        // given
        var text = UUID.randomUUID().toString();
        var manifest = Door.directory(door.token(), Map.of("a.txt", text));
        var file = Sha256.of(text.getBytes(StandardCharsets.UTF_8));

        // when
        collector.collect(in(89));
        var before = store.size(manifest);
        collector.collect(in(91));

        // then
        assertThat(before).isPresent();
        assertThat(store.size(manifest)).isEmpty();
        assertThat(store.size(file)).isEmpty();
        door.get("/artifacts/{id}", file).then().statusCode(404);
        assertThat(Door.directory(door.token(), Map.of("a.txt", text))).isEqualTo(manifest);
        door.get("/artifacts/{id}", file).then().statusCode(200);
    }

    @Test
    void shouldKeepTheFilesOfADirectoryThatIsUsed() throws IOException {
        // given: announced long ago, and named by a job today
        var base = door.directory("base");
        var dataset = door.directory("dataset");
        age(Duration.ofDays(200));
        var file = Sha256.of(("content of base of " + door.wallet().address()).getBytes(StandardCharsets.UTF_8));
        door.job(Door.spec(base, dataset));

        // when
        collector.collect(in(1));

        // then
        assertThat(store.size(base)).isPresent();
        assertThat(store.size(dataset)).isPresent();
        assertThat(store.size(file)).isPresent();
        door.get("/artifacts/{id}", file).then().statusCode(200);
        // a file that is kept is not looked at again in every round
        assertThat(Log.count(
                        "select count(*) from api.artifact where id = ? and used_at > now() - interval '1 hour'",
                        file.value()))
                .isOne();
    }

    @Test
    void shouldKeepWhatIsAnnouncedAgain() throws IOException {
        // given
        Door.upload(door.token(), bytes, FILE);
        age(Duration.ofDays(200));

        // when
        assertThat(door.announce(bytes, FILE).complete()).isTrue();
        collector.collect(in(1));

        // then
        assertThat(store.size(id)).isPresent();
    }

    @Test
    void shouldKeepWhatEverybodyMayRead() throws IOException {
        // given
        var archive = Door.read(RestAssured.get("/api/v1/hub"), HubInfo.class)
                .trainers()
                .getFirst()
                .archive();

        // when
        collector.collect(in(1_000));

        // then
        assertThat(store.size(archive)).isPresent();
        door.get("/artifacts/{id}", archive).then().statusCode(200);
    }

    @Test
    void shouldDeleteAfterACrashWhatHasNoRowAnyMore() throws IOException {
        // given: forgotten, and its file is still there
        Door.upload(door.token(), bytes, FILE);
        forgetItsRows();

        // when
        collector.collect(Instant.now());

        // then
        assertThat(store.size(id)).isEmpty();
        assertThat(Log.count("select count(*) from api.unused_content")).isZero();
    }

    @Test
    void shouldKeepBytesThatSomebodySendsAgainBeforeTheyAreDeleted() throws IOException {
        // given
        Door.upload(door.token(), bytes, FILE);
        forgetItsRows();
        var upload = door.announce(bytes, FILE);

        // when
        collector.collect(Instant.now());
        var meanwhile = store.size(id);
        door.append(upload, 0, bytes).then().statusCode(200);
        collector.collect(Instant.now());

        // then
        assertThat(upload.complete()).isFalse();
        assertThat(meanwhile).isPresent();
        assertThat(door.get("/artifacts/{id}", id).asByteArray()).isEqualTo(bytes);
        assertThat(Log.count("select count(*) from api.unused_content")).isZero();
    }

    private static Instant in(int days) {
        return Instant.now().plus(Duration.ofDays(days));
    }

    /** As if all that is here had been used then. */
    private void age(Duration ago) {
        database.transact(tx ->
                tx.execute("update artifact set used_at = $1", Instant.now().minus(ago)));
    }

    private void forgetItsRows() {
        database.transact(tx -> {
            tx.execute("delete from artifact_grant where artifact = $1", id.value());
            tx.execute("delete from artifact where id = $1", id.value());
            tx.execute("insert into unused_content (id) values ($1)", id.value());
        });
    }
}
