package io.perigee.api.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whoever reads a job's timeline learns whose bond is taken, and how much of it was. */
class StoryTest {
    private static final JobId JOB = new JobId(UUID.fromString("01890000-0000-7000-8000-000000000001"));

    @Test
    void shouldSayWhoseBondBurnsWithThePayment() {
        // given
        var wrong = run("cheat", 0);
        var payable = new Payable(4, List.of(run("honest", 3)), List.of(wrong));

        // when
        var words = Story.words(new ResultAccepted(JOB, payable), Parties.DOMAIN);

        // then
        assertThat(words.detail())
                .isEqualTo("result accepted; attempt 0 of %s is proven wrong, and its bond of 40 burns with the payment"
                        .formatted(wrong.assignment().owner()));
    }

    @Test
    void shouldSayWhatWasTakenFromWhom() {
        // given
        var owner = SampleProvider.of("cheat").address();
        var settled =
                new JobSettled(JOB, List.of(), 0, List.of(), Amount.of(5), List.of(new Burn(0, owner, Amount.of(40))));

        // when
        var words = Story.words(settled, Parties.DOMAIN);

        // then
        assertThat(words.detail())
                .isEqualTo("settled; 5 refunded; attempt 0 lost its bond: 40 burned of the stake of " + owner);
    }

    private static RunEvidence run(String name, int attempt) {
        var provider = SampleProvider.of(name);
        var assignment = new Assignment(
                Digest.ZERO,
                attempt,
                provider.id(),
                provider.address(),
                Role.REPLICA,
                0,
                4,
                NumericClass.STRICT,
                Amount.of(10),
                Amount.of(40),
                Digest.ZERO,
                0,
                100);
        var signature = Parties.HUB.sign(Digest.ZERO);
        var run = SampleRun.honest(
                provider,
                new JobAssigned(
                        JOB,
                        attempt,
                        assignment,
                        signature,
                        provider.sessionKey(),
                        provider.sessionKeySignature(),
                        Instant.EPOCH,
                        null),
                true);
        var commit = run.commit(4);
        return new RunEvidence(
                assignment,
                signature,
                run.accept().signature(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                commit.commitment(),
                commit.signature(),
                new Receipt(Digest.ZERO, 1, 0),
                signature,
                run.opening(4),
                run.segments(4));
    }
}
