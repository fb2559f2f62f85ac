package io.perigee.market.kind;

import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.spec.JobSpec;

/**
 * What differs between kinds of work. Everything that must know what a job does asks {@link WorkKinds} for its kind;
 * nothing else looks.
 */
public interface WorkKind {
    /** The kind's name, for people and logs. */
    String name();

    /** In which numeric class the replicas of a job have to run. */
    ClassDemand classDemand(JobSpec spec);

    /** What the work is counted in. */
    Tariff tariff(JobSpec spec);
}
