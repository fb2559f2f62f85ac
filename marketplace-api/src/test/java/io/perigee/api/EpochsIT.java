package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.EpochPage;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.rest.EpochView;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What everybody may read of a hub's epochs, without signing in. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class EpochsIT {
    private static final String TOKEN = Parties.TOKEN.value();

    @Test
    void shouldListEpochsNewestFirstAPageAtATime() {
        // given
        for (int number = 71; number <= 73; number++) {
            say(number, EpochState.POSTED, "0xaa", ContentId.of(new byte[32]));
        }
        say(new EpochChanged(
                Parties.BUILDER.address(),
                Parties.TOKEN,
                79,
                Parties.digest("root"),
                1,
                Amount.of(1),
                Amount.of(1),
                EpochState.POSTED,
                "0xaa",
                ContentId.of(new byte[32])));
        awaitState(73, EpochState.POSTED);

        // when
        var first = page("?limit=2");
        var second = page("?limit=2&cursor=" + first.nextCursor());

        // then
        assertThat(first.items()).extracting(EpochView::number).containsExactly(73, 72);
        assertThat(second.items().getFirst().number()).isEqualTo(71);
        assertThat(first.items()).allSatisfy(epoch -> assertThat(epoch.hub()).isEqualTo(Parties.HUB.address()));
    }

    @Test
    void shouldShowWhatTheLastFactSaysInTheShapeThatOthersRead() {
        // given
        say(31, EpochState.BUILDING, null, ContentId.of(new byte[32]));
        say(31, EpochState.POSTED, "0xbb", ContentId.of(new byte[32]));
        say(31, EpochState.DEMANDED, "0xbb", ContentId.of(new byte[32]));
        awaitState(31, EpochState.DEMANDED);

        // when
        var json = Json.parse(given().get("/api/v1/epochs/31?token=" + TOKEN).asByteArray());

        // then
        assertThat(json.path("state").asText()).isEqualTo("demanded");
        assertThat(json.path("transaction").asText()).isEqualTo("0xbb");
        assertThat(json.path("debits").asText()).isEqualTo("12");
        assertThat(json.path("credits").asText()).isEqualTo("12");
        assertThat(json.path("count").asInt()).isEqualTo(3);
        assertThat(json.path("file").asText()).startsWith("sha256:");
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "hub", "token", "number", "root", "count", "debits", "credits", "state", "transaction", "file");
    }

    @Test
    void shouldStreamTheFileOfAnEpochFromItsParts() throws SQLException {
        // given
        var bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        var file = ContentId.of(Sha256.digester().digest(bytes));
        publish(file, Arrays.copyOf(bytes, 200_000), Arrays.copyOfRange(bytes, 200_000, bytes.length));
        say(32, EpochState.POSTED, "0xcc", file);
        awaitState(32, EpochState.POSTED);

        // when
        var answer = given().get("/api/v1/epochs/32/file?token=" + TOKEN);

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/octet-stream");
        assertThat(answer.header("Content-Length")).isEqualTo("300000");
        assertThat(answer.asByteArray()).isEqualTo(bytes);
    }

    @Test
    void shouldRefuseWhatIsNoEpochOfThisHub() {
        // when + then
        refused(404, "/api/v1/epochs/999?token=" + TOKEN);
        refused(404, "/api/v1/epochs/999/file?token=" + TOKEN);
        refused(404, "/api/v1/epochs/31?token=" + Address.parse("0x" + "12".repeat(20)));
        for (var malformed :
                new String[] {"/0", "/x", "/4294967296", "/31?token=0x12", "?limit=0", "?limit=101", "?cursor=what"}) {
            refused(400, "/api/v1/epochs" + malformed);
        }
    }

    private static void refused(int status, String path) {
        var answer = given().get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.contentType()).as(path).startsWith("application/problem+json");
    }

    private static EpochPage page(String query) {
        return Json.read(given().get("/api/v1/epochs" + query).asByteArray(), EpochPage.class);
    }

    private static void say(int number, EpochState state, @Nullable String transaction, ContentId file) {
        say(new EpochChanged(
                Parties.HUB.address(),
                Parties.TOKEN,
                number,
                Parties.digest("root"),
                3,
                Amount.of(12),
                Amount.of(12),
                state,
                transaction,
                file));
    }

    private static void say(EpochChanged fact) {
        Log.publish(fact);
    }

    private static void awaitState(int number, EpochState state) {
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.epoch where number = ? and hub = ? and state = ?",
                                number,
                                Parties.HUB.address().value(),
                                state.name())
                        == 1,
                () -> "the epoch did not arrive");
    }

    /** As settlement does it, in its own schema. */
    private static void publish(ContentId file, byte[]... parts) throws SQLException {
        try (var connection = TestServers.postgres().connect(Log.database());
                var schema = connection.createStatement()) {
            schema.execute("create schema if not exists settlement");
            schema.execute(
                    "create table if not exists settlement.published_file (file text, part integer, bytes bytea)");
            try (var insert = connection.prepareStatement("insert into settlement.published_file values (?, ?, ?)")) {
                for (int part = 0; part < parts.length; part++) {
                    insert.setString(1, file.value());
                    insert.setInt(2, part);
                    insert.setBytes(3, parts[part]);
                    insert.execute();
                }
            }
        }
    }
}
