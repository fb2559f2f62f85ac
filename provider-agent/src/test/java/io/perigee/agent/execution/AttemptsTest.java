package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.offer.Offer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent makes of what it finds when it starts. */
final class AttemptsTest {
    @TempDir
    private Path directory;

    /** A seal of the new key, or an opening with its salts, would contradict those of the old one. */
    @Test
    void shouldSayOfAttemptsOfAnotherSessionKeyOnlyThatTheyAreStopped() throws Exception {
        // given
        var lab = new AttemptLab(directory);
        var going = lab.sealed(lab.accepted(AWork.of(lab.parties).audited()), 3)
                .in(new Phase.Running("container", Instant.now(), null));
        var done = lab.sealed(lab.accepted(AWork.of(lab.parties).audited()), AttemptLab.BORDERS)
                .in(new Phase.Opened(AttemptLab.BORDERS, Sha256.of(new byte[1]), null));
        var store = lab.tools().store();
        store.save(going);
        store.save(done);
        var other = KeyPair.create(new SecureRandom());
        var attempts = new Attempts(
                lab.parties.withAgent(other).enrolment("http://hub"),
                lab.tools(new Sealer(other, lab.parties.domain())),
                1,
                new MostBond(100, Optional.empty()),
                new Nobody());

        // when
        attempts.resume();
        var said = lab.hub.hear(AgentMessage.class);
        attempts.shutdown(Duration.ofSeconds(20));

        // then
        assertThat(said).isInstanceOfSatisfying(AgentMessage.Failed.class, failed -> {
            assertThat(failed.assignmentHash()).isEqualTo(going.assignmentHash());
            assertThat(failed.kind()).isEqualTo(FailureKind.YIELDED);
        });
        assertThat(lab.hub.rest()).isEmpty();
        assertThat(store.open()).extracting(AttemptRecord::phase).contains(done.phase());
    }

    private static final class Nobody implements Attempts.Surroundings {
        @Override
        public Offer offer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<List<String>> lease(int gpus, Collection<AttemptRecord> live) {
            return Optional.empty();
        }

        @Override
        public void changed() {}

        @Override
        public void connection(boolean up, String detail) {}
    }
}
