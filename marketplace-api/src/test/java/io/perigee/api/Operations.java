package io.perigee.api;

import io.quarkus.vertx.http.HttpServer;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.enterprise.inject.spi.CDI;

/** The operator's side of the hub under test, on a port of its own. */
final class Operations {
    private Operations() {}

    static Response get(String path) {
        int port = CDI.current().select(HttpServer.class).get().getManagementPort();
        return RestAssured.given().port(port).get(path);
    }

    static String metrics() {
        return get("/metrics").asString();
    }
}
