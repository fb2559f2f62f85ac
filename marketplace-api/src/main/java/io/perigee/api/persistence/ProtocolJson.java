package io.perigee.api.persistence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.perigee.protocol.codec.Json;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the framework speak the protocol's JSON. */
final class ProtocolJson {
    @Produces
    @Singleton
    ObjectMapper mapper() {
        return Json.mapper().copy();
    }
}
