package io.perigee.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The adversary is a hub that can take the second word and not the first. */
final class TurnsTest {
    private static final Digest ONE = Digest.ZERO;
    private static final Digest OTHER = new Digest("0x" + "1".repeat(64));
    private static final AgentMessage.Decline FIRST = word(ONE, 1);
    private static final AgentMessage.Decline SECOND = word(ONE, 2);
    private static final AgentMessage.Decline ANOTHERS = word(OTHER, 1);
    private static final List<AgentMessage> ALL = List.of(FIRST, SECOND, ANOTHERS);

    private final Turns turns = new Turns(Duration.ofSeconds(30));

    private static AgentMessage.Decline word(Digest assignment, int number) {
        return new AgentMessage.Decline(
                Refs.of(assignment, "m-" + number),
                JobId.parse("01890a5d-ac96-774b-bcce-b302099a8057"),
                assignment,
                "no " + number);
    }

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }

    @Test
    void shouldSendEachOnceUntilItGetsNoAnswer() {
        // when
        var first = turns.next(ALL, ALL, 0);
        var again = turns.next(ALL, ALL, seconds(30));
        var late = turns.next(ALL, ALL, seconds(31));
        turns.begin();

        // then
        assertThat(first).isEqualTo(ALL);
        assertThat(again).isEmpty();
        assertThat(late).isEqualTo(ALL);
        assertThat(turns.next(ALL, ALL, seconds(31))).isEqualTo(ALL);
    }

    @Test
    void shouldSendNothingOfAnAssignmentBeforeWhatTheHubCouldNotTake() {
        // given
        turns.next(List.of(FIRST), List.of(FIRST), 0);
        turns.refused(FIRST.ref(), seconds(1));

        // when
        var meanwhile = turns.next(ALL, ALL, seconds(2));
        turns.again(FIRST.ref());
        var retried = turns.next(ALL, ALL, seconds(3));
        var afterwards = turns.next(List.of(SECOND, ANOTHERS), List.of(SECOND, ANOTHERS), seconds(4));

        // then
        assertThat(meanwhile).containsExactly(ANOTHERS);
        assertThat(retried).as("its answer is waited for").containsExactly(FIRST);
        assertThat(afterwards).containsExactly(SECOND);
    }

    @Test
    void shouldNotHoldUpARunForAWordThatIsNeverTaken() {
        // given
        turns.next(List.of(FIRST), List.of(FIRST), 0);
        turns.refused(FIRST.ref(), 0);

        // when
        var next = turns.next(ALL, ALL, seconds(120));

        // then
        assertThat(next).contains(SECOND);
    }
}
