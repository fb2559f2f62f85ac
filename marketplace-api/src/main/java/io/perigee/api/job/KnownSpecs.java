package io.perigee.api.job;

import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** The specs that were ordered lately: most builders order the same many times. */
@Singleton
final class KnownSpecs {
    private static final int MOST = 256;

    /** A usual one has two thousand characters; those that are refused may have as many as a body has. */
    private static final int LONGEST = 64 << 10;

    private final Map<JobSpec, KnownSpec> specs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobSpec, KnownSpec> eldest) {
            return size() > MOST;
        }
    };

    /** @throws io.perigee.protocol.error.InvalidValue when it has no canonical bytes */
    KnownSpec of(JobSpec spec) {
        synchronized (specs) {
            var known = specs.get(spec);
            if (known != null) {
                return known;
            }
        }
        var known = new KnownSpec(spec);
        if (known.canonical().length() < LONGEST) {
            synchronized (specs) {
                specs.putIfAbsent(spec, known);
            }
        }
        return known;
    }
}
