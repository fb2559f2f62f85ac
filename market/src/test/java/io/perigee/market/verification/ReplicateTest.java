package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.FailureKind;
import io.perigee.testkit.sample.Parties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicateTest {

    @Test
    void shouldWantAllReplicasAtFirst() {
        assertThat(Replicate.verdict(2, 2, votes(), 0)).isEqualTo(new Verdict.More(2, true));
        assertThat(Replicate.verdict(3, 2, votes(), 0)).isEqualTo(new Verdict.More(3, true));
    }

    @Test
    void shouldReplaceALostReplicaButNotNeedItWhenTheOthersAreEnough() {
        assertThat(Replicate.verdict(2, 2, votes("x"), 0)).isEqualTo(new Verdict.More(1, true));
        assertThat(Replicate.verdict(3, 2, votes(), 2)).isEqualTo(new Verdict.More(1, false));
    }

    @Test
    void shouldWaitForWhoIsStillRunning() {
        assertThat(Replicate.verdict(2, 2, votes(), 2)).isEqualTo(new Verdict.Await());
        assertThat(Replicate.verdict(3, 2, votes("x", "x"), 1)).isEqualTo(new Verdict.Await());
        assertThat(Replicate.verdict(4, 3, votes("x", "y"), 2)).isEqualTo(new Verdict.Await());
    }

    @Test
    void shouldAgreeWhenAQuorumDoes() {
        assertThat(Replicate.verdict(2, 2, votes("x", "x"), 0))
                .isEqualTo(new Verdict.Agreed(result("x"), List.of(0, 1), List.of()));
        assertThat(Replicate.verdict(2, 2, votes("x", "y", "x"), 0))
                .isEqualTo(new Verdict.Agreed(result("x"), List.of(0, 2), List.of(1)));
    }

    @Test
    void shouldAskForOneMoreAtATimeOnASplit() {
        assertThat(Replicate.verdict(2, 2, votes("x", "y"), 0)).isEqualTo(new Verdict.Split(List.of(0, 1)));
        assertThat(Replicate.verdict(4, 3, votes("x", "x", "y", "y"), 0))
                .isEqualTo(new Verdict.Split(List.of(0, 1, 2, 3)));
    }

    @Test
    void shouldGiveUpWhenWhatCanStillBePaidMakesNoQuorum() {
        assertThat(Replicate.verdict(2, 2, votes("x", "y", "z"), 0)).isEqualTo(new Verdict.Hopeless(List.of(0, 1, 2)));
        assertThat(Replicate.verdict(4, 3, votes("a", "b", "c", "d"), 0))
                .isEqualTo(new Verdict.Hopeless(List.of(0, 1, 2, 3)));
    }

    @Test
    void shouldCountOwnersAndNotAttempts() {
        // given
        var owner = Parties.key("one").address();
        var twice = List.of(new Vote(0, owner, result("x")), new Vote(1, owner, result("x")));

        // when
        var verdict = Replicate.verdict(2, 2, twice, 0);

        // then
        assertThat(verdict).isNotInstanceOf(Verdict.Agreed.class);
    }

    @Test
    void shouldHearABlameAsAnAnswerThatContradictsNobody() {
        // given
        var votes = new ArrayList<>(votes("x"));
        votes.add(new Vote(1, Parties.key("p").address(), new Answer.JobFault(FailureKind.BAD_DATA)));
        votes.add(new Vote(2, Parties.key("q").address(), new Answer.JobFault(FailureKind.BAD_DATA)));

        // when
        var verdict = Replicate.verdict(2, 2, votes, 0);

        // then
        assertThat(verdict)
                .isEqualTo(new Verdict.Agreed(new Answer.JobFault(FailureKind.BAD_DATA), List.of(1, 2), List.of()));
    }

    private static List<Vote> votes(String... answers) {
        var votes = new ArrayList<Vote>();
        Arrays.stream(answers)
                .forEach(answer -> votes.add(new Vote(
                        votes.size(), Parties.key("owner " + votes.size()).address(), result(answer))));
        return votes;
    }

    private static Answer result(String name) {
        return new Answer.Result(0, 4, Parties.digest("root " + name), Parties.digest("output " + name));
    }
}
