package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Seal;
import io.perigee.testkit.sample.Parties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final Subject THIRD = new Subject.Segment(3);
    private static final Subject FIFTH = new Subject.Segment(5);

    @Test
    void shouldDealDrawnSegmentsToDistinctAuditorsAndTheOutputToOne() {
        assertThat(AuditTask.deal(new TreeSet<>(List.of(3, 5)), 2, 8))
                .containsExactly(
                        new AuditTask(0, List.of(THIRD, new Subject.Output(8))), new AuditTask(1, List.of(FIFTH)));
        assertThat(AuditTask.deal(new TreeSet<>(List.of(3)), 3, 8))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.subjects()).contains(THIRD, new Subject.Output(8)));
    }

    @Test
    void shouldOpenNothingUntilEveryAuditorHasSealed() {
        // given
        var tasks = AuditTask.deal(new TreeSet<>(List.of(3, 5)), 2, 8);
        var seal = Parties.digest("seal");

        // then
        assertThat(AuditSeal.mayOpen(tasks, Map.of(0, Map.of(THIRD, seal, new Subject.Output(8), seal))))
                .isFalse();
        assertThat(AuditSeal.mayOpen(
                        tasks, Map.of(0, Map.of(THIRD, seal, new Subject.Output(8), seal), 1, Map.of(FIFTH, seal))))
                .isTrue();
    }

    @Test
    void shouldHoldAnAuditorToTheLeafItSealed() {
        // given
        var assignment = Parties.digest("assignment");
        var opening = AuditSeal.opening(Parties.digest("leaf"), Parties.digest("salt"));
        var seal = Seal.of(assignment, 3, opening);

        // when the one that nods says what it was shown
        var copied = AuditSeal.opening(Parties.digest("provider's leaf"), Parties.digest("salt"));

        // then
        assertThat(AuditSeal.holds(seal, assignment, 3, opening)).isTrue();
        assertThat(AuditSeal.holds(seal, assignment, 3, copied)).isFalse();
        assertThat(AuditSeal.holds(seal, Parties.digest("another's assignment"), 3, opening))
                .isFalse();
        assertThat(opening.root()).isEqualTo(Parties.digest("leaf"));
    }

    @Test
    void shouldWantAuditorsThenWaitThenAccept() {
        assertThat(verdict(check(THIRD, 0, "x"), check(FIFTH, 0, "y")))
                .isEqualTo(new AuditVerdict.Wanted(List.of(THIRD, FIFTH), false));
        assertThat(verdict(check(THIRD, 1, "x"))).isEqualTo(new AuditVerdict.Await());
        assertThat(verdict(check(THIRD, 0, "x", "x"), check(FIFTH, 1, "y"))).isEqualTo(new AuditVerdict.Await());
        assertThat(verdict(check(THIRD, 0, "x", "x"), check(FIFTH, 0, "y", "y")))
                .isEqualTo(new AuditVerdict.Held(List.of()));
    }

    @Test
    void shouldBelieveNoAuditorAlone() {
        assertThat(verdict(check(THIRD, 0, "x", "other"), check(FIFTH, 0, "y", "y")))
                .isEqualTo(new AuditVerdict.Wanted(List.of(THIRD), true));
    }

    @Test
    void shouldLetAForgerFallAgainstTwoOthers() {
        assertThat(verdict(check(THIRD, 0, "forged", "true", "true"), check(FIFTH, 0, "y", "y")))
                .isEqualTo(new AuditVerdict.Fell(THIRD, List.of(1, 2)));
    }

    @Test
    void shouldNameTheFalseAccuserAndTheLazyAuditor() {
        assertThat(verdict(check(THIRD, 0, "true", "made up", "true"))).isEqualTo(new AuditVerdict.Held(List.of(1)));
    }

    @Test
    void shouldPunishNobodyWhenAllDiffer() {
        assertThat(verdict(check(THIRD, 0, "a", "b", "c"))).isEqualTo(new AuditVerdict.Open(THIRD, List.of(0, 1, 2)));
    }

    @Test
    void shouldKnowADishonestOutputFromAnHonestRun() {
        var output = new Subject.Output(8);
        assertThat(verdict(check(THIRD, 0, "x", "x"), check(output, 0, "sold", "true", "true")))
                .isEqualTo(new AuditVerdict.Fell(output, List.of(1, 2)));
    }

    private static AuditVerdict verdict(Check... checks) {
        return Audit.verdict(2, List.of(checks));
    }

    private static Check check(Subject subject, int running, String... answers) {
        var votes = new ArrayList<Vote>();
        Arrays.stream(answers)
                .forEach(answer -> votes.add(new Vote(
                        votes.size(),
                        Parties.key("owner " + votes.size()).address(),
                        new Answer.Result(2, 3, Parties.digest(answer), Digest.ZERO))));
        return new Check(subject, votes, running);
    }
}
