package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class LandingIT {
    @Test
    void shouldTellPeopleWhereTheyAre() {
        given().accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .get("/")
                .then()
                .statusCode(200)
                .contentType(startsWith("text/plain"))
                .body(containsString("/q/swagger-ui"));
    }

    @Test
    void shouldTellProgramsWhereTheDocumentIs() {
        given().accept("application/json")
                .get("/")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("document", equalTo("/q/openapi"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/v1/hub", "/api/v1/jobs", "/nowhere", "/q/openapi", "/q/swagger-ui/"})
    void shouldBeNobodysFrame(String path) {
        given().get(path)
                .then()
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"));
    }

    @Test
    void shouldLetTheApisPageRun() {
        given().get("/q/swagger-ui/")
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("script-src 'self' 'unsafe-inline'"))
                .body(containsString("Perigee marketplace API"), containsString("BaseLayout"));
    }
}
