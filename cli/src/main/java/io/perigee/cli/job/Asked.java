package io.perigee.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.Session;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import org.jspecify.annotations.Nullable;

/**
 * What one submission asks for, and of whom: asked twice, it is the same.
 *
 * @param job the job file's content, with what its paths name in place of them
 * @param key that the user gave
 */
record Asked(
        Address hub,
        long chainId,
        Address escrow,
        Address builder,
        boolean direct,
        JsonNode job,
        @Nullable String key) {

    static Asked of(Session session, JsonNode job, boolean direct, @Nullable String key) {
        var facts = session.hub();
        return new Asked(
                facts.hub(), facts.chainId(), facts.escrow(), session.wallet().address(), direct, job, key);
    }

    ContentId digest() {
        return Sha256.of(Json.bytes(this));
    }
}
