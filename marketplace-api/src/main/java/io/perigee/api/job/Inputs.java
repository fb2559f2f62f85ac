package io.perigee.api.job;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** Tells which inputs of a spec are here for a builder to use. */
public interface Inputs {
    /** Manifests whose files are readable, and plain artifacts. */
    record Readables(Set<ContentId> directories, Set<ContentId> files) {}

    Uni<Readables> readable(Address builder, JobSpec spec);
}
