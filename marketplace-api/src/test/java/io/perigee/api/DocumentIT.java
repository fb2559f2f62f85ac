package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.perigee.protocol.codec.Json;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The document of the API is kept beside the code: whoever changes what clients see, sees it in the change.
 * {@code ./mvnw -pl marketplace-api -am test -Dtest=DocumentIT -Dopenapi.update=true} writes it again.
 */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class DocumentIT {
    private static final Path KEPT = Path.of("openapi.json");

    @Test
    void shouldServeTheDocumentThatIsKept() throws IOException {
        // given
        var writer = Json.mapper()
                .writer()
                .with(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

        // when
        var served = Json.parse(given().get("/q/openapi?format=json").asByteArray());

        // then
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(KEPT, writer.writeValueAsString(served) + "\n");
        }
        assertThat(Json.parse(Files.readAllBytes(KEPT)))
                .as("openapi.json; write it again with -Dopenapi.update=true")
                .isEqualTo(served);
    }

    @Test
    void shouldAskForASessionWhereTheDocumentSaysSo() {
        // given
        var said = new TreeMap<String, Boolean>();
        var asked = new TreeMap<String, Boolean>();
        var paths =
                Json.parse(given().get("/q/openapi?format=json").asByteArray()).path("paths");

        // when
        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            var method = operation.getKey().toUpperCase(Locale.ROOT);
            said.put(method + " " + path.getKey(), operation.getValue().has("security"));
            asked.put(method + " " + path.getKey(), asksForASession(method, path.getKey(), operation.getValue()));
        }));

        // then
        assertThat(said).isEqualTo(asked).containsValue(true).containsValue(false);
    }

    @Test
    void shouldDescribeEveryRequestAndOrderTheGroupsByTheWork() {
        // when
        var document = Json.parse(given().get("/q/openapi?format=json").asByteArray());

        // then
        var silent = new ArrayList<String>();
        var groups = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getValue().path("description").asText().isBlank()) {
                        silent.add(operation.getKey() + " " + path.getKey());
                    }
                    operation.getValue().path("tags").forEach(tag -> groups.add(tag.asText()));
                }));
        assertThat(silent).isEmpty();
        assertThat(document.path("tags"))
                .allSatisfy(tag -> assertThat(tag.path("description").asText()).isNotBlank())
                .extracting(tag -> tag.path("name").asText())
                .startsWith("Hub", "Sessions", "Artifacts", "Jobs")
                .containsExactlyInAnyOrderElementsOf(groups);
        assertThat(document.at("/components/schemas/Amount/description").asText())
                .contains("smallest unit");
        assertThat(document.at("/info/description").asText())
                .contains("perigee token", "numeric class", "border", "bond");
    }

    private static boolean asksForASession(String method, String path, JsonNode operation) {
        // a colon in a path stays one
        var request = given().urlEncodingEnabled(false);
        operation.at("/requestBody/content").properties().stream()
                .findFirst()
                .ifPresent(content -> request.contentType(content.getKey()));
        return request.request(method, path.replaceAll("\\{[a-z]+}", "1")).statusCode() == 401;
    }
}
