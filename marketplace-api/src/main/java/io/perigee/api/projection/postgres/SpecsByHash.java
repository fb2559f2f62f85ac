package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.spec.JobSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Specs read lately. A hash names one spec for ever, and many jobs have the same. */
final class SpecsByHash {
    private static final int MOST = 256;
    private static final String READ = """
      select distinct on (spec_hash) spec_hash, spec from job where id = any ($1) and spec_hash = any ($2) order by spec_hash
      """;

    private final Map<String, JobSpec> specs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JobSpec> eldest) {
            return size() > MOST;
        }
    };

    /** The specs of some jobs by their hashes. */
    Map<String, JobSpec> read(Tx tx, UUID[] jobs, Set<String> hashes) {
        Map<String, JobSpec> found = new HashMap<>();
        synchronized (specs) {
            for (var hash : hashes) {
                var known = specs.get(hash);
                if (known != null) {
                    found.put(hash, known);
                }
            }
        }
        var missing = hashes.stream().filter(hash -> !found.containsKey(hash)).toArray(String[]::new);
        if (missing.length > 0) {
            for (var row : tx.query(READ, jobs, missing)) {
                found.put(row.string("spec_hash"), Json.read(row.string("spec"), JobSpec.class));
            }
            synchronized (specs) {
                specs.putAll(found);
            }
        }
        return found;
    }
}
