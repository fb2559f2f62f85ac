package io.perigee.market.matching;

import io.perigee.protocol.spec.JobSpec;

/** A job that asks for less than it does, to find out what it would get. */
final class Looser {
    private Looser() {}

    static JobSpec placement(JobSpec spec, JobSpec.Placement placement) {
        return with(spec, spec.resources(), placement);
    }

    static JobSpec resources(JobSpec spec, JobSpec.Resources resources) {
        return with(spec, resources, spec.placement());
    }

    private static JobSpec with(JobSpec spec, JobSpec.Resources resources, JobSpec.Placement placement) {
        return new JobSpec(
                spec.version(),
                spec.name(),
                spec.trainer(),
                spec.image(),
                spec.imageSource(),
                spec.base(),
                spec.dataset(),
                spec.method(),
                spec.train(),
                spec.segments(),
                spec.data(),
                spec.evaluate(),
                spec.outputs(),
                resources,
                placement,
                spec.price(),
                spec.deadlines(),
                spec.verification());
    }
}
