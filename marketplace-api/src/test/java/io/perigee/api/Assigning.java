package io.perigee.api;

import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.JobView;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Instant;

/** The scheduler's word that a provider is to run a job. */
final class Assigning {
    private Assigning() {}

    /** Publishes that the first attempt of the job was assigned to the provider. */
    static JobAssigned assign(SampleProvider to, JobView job) {
        var now = Instant.now();
        var assignment = new Assignment(
                job.orderHash(),
                0,
                to.id(),
                to.address(),
                Role.REPLICA,
                0,
                job.borders(),
                NumericClass.STRICT,
                Amount.of(1_000),
                Amount.of(1_000),
                Digest.ZERO,
                now.getEpochSecond(),
                now.getEpochSecond() + 600);
        var fact = new JobAssigned(
                job.id(),
                0,
                assignment,
                Parties.HUB.sign(assignment.digest(Parties.DOMAIN)),
                to.sessionKey(),
                to.sessionKeySignature(),
                now.plusSeconds(30),
                null);
        Log.publish(fact);
        return fact;
    }

    /** The honest run of a provider that the first attempt of a job was just assigned to. */
    static SampleRun assigned(SampleProvider to, JobView job) {
        return SampleRun.honest(to, assign(to, job), true);
    }
}
