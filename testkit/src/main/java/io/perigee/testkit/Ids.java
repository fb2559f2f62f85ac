package io.perigee.testkit;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Fresh ids for tests. */
public final class Ids {
    private Ids() {}

    public static JobId jobId() {
        return new JobId(uuid7());
    }

    public static UUID uuid7() {
        var random = new byte[Uuid7.RANDOM_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        return Uuid7.of(Instant.now(), random);
    }
}
