package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class HubIT {
  @Test
  void shouldTellAnybodyWhoItIs() {
    given().get("/api/v1/hub").then().statusCode(200).body("hub", equalTo(Servers.HUB)).body("trainers[0].name", equalTo("strict"));
  }

  @Test
  void shouldBeReady() {
    given().get("/q/health").then().log().all().statusCode(200);
  }
}
