package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.reputation.Outcome;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.AttemptState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Whose word puts out an auditor: the run's own voice decides the pay, and nobody else's honesty. What the run says that holds
 * after the one it denied is in {@link ConvictionsTest}.
 */
class AuditorsWordTest {
    private final Lab lab = new Lab();

    /** The provider is one of the two that deny it, so one friend among its auditors would be enough. */
    @Test
    void shouldOnlyDoubtTheAuditorThatAForgerAndItsFriendDeny() {
        // given
        lab.placed(AuditStories.ALL, "cheat")
                .forges(0, 1, 1)
                .completes(0)
                .drawn(10)
                .serves();
        lab.place("honest", "c").completes(1, 2).place("friend");

        // when
        lab.forges(3, 1, 1).completes(3);
        // what the honest one said of the next segment is worth nothing
        lab.place("d").completes(4);

        // then
        assertThat(lab.attempt(1)).as("it is not paid").isEqualTo(AttemptState.REJECTED);
        assertThat(kind(1)).contains(OutcomeKind.DOUBTED);
    }

    private Optional<OutcomeKind> kind(int attempt) {
        return TrackRecord.of(lab.job, lab.job.attempt(attempt), NumericClass.STRICT::equals)
                .map(Outcome::kind);
    }
}
