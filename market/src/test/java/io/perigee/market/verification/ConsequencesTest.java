package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.market.dispute.Bench;
import io.perigee.market.verification.Misconduct.Ledger;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.testkit.sample.Parties;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsequencesTest {
    private static final Digest OTHER = Parties.digest("class");

    @Test
    void shouldTakeStakesOnBitsOnlyInAPopulatedCertifiedClass() {
        assertThat(new Population(OTHER, owners(20, 100), 200, 0).bindsStake()).isTrue();
        assertThat(new Population(OTHER, owners(19, 100), 200, 0).bindsStake()).isFalse();
        assertThat(new Population(OTHER, owners(20, 100), 199, 0).bindsStake()).isFalse();
        assertThat(new Population(OTHER, owners(20, 100), 200, 1).bindsStake()).isFalse();
        assertThat(new Population(NumericClass.STRICT, Map.of(), 0, 0).bindsStake())
                .isTrue();
    }

    /** Friends of a forger that sit on both benches can leave a court undecided, and must not end all slashing by it. */
    @Test
    void shouldBindAgainOnceTwoHundredMorePairsWereEqual() {
        assertThat(new Population(OTHER, owners(20, 100), 399, 1).bindsStake()).isFalse();
        assertThat(new Population(OTHER, owners(20, 100), 400, 1).bindsStake()).isTrue();
        assertThat(new Population(OTHER, owners(20, 100), 20_000, 99).bindsStake())
                .isTrue();
        assertThat(new Population(OTHER, owners(20, 100), 20_000, 100).bindsStake())
                .isFalse();
    }

    /** Nobody knows how to get bits of a class that is none. */
    @Test
    void shouldNeverBindWhereNoClassIsClaimed() {
        assertThat(new Population(Digest.ZERO, owners(20, 100), 200, 0).bindsStake())
                .isFalse();
    }

    /** A market whose owners all run has nobody left to audit, and would wait for itself for ever. */
    @Test
    void shouldKeepTheChoiceClosedThoughSomebodyRichOrAtOddsJoins() {
        var whales = new HashMap<>(owners(20, 100));
        whales.put(Parties.key("whale").address(), Amount.of(1_000_000));
        whales.put(Parties.key("whale's friend").address(), Amount.of(500));

        assertThat(new Population(OTHER, owners(20, 100), 200, 0).isPeopled()).isTrue();
        assertThat(new Population(OTHER, whales, 200, 7).isPeopled()).isTrue();
        assertThat(new Population(OTHER, owners(19, 100), 200, 0).isPeopled()).isFalse();
        assertThat(new Population(OTHER, owners(20, 100), 199, 0).isPeopled()).isFalse();
        assertThat(new Population(OTHER, Map.of(), 200, 0).isPeopled()).isFalse();
    }

    @Test
    void shouldBeginNoRunThatNobodyCouldJudge() {
        assertThat(Reserve.allows(Bench.FIRST.judges())).isTrue();
        assertThat(Reserve.allows(Bench.FIRST.judges() - 1)).isFalse();
    }

    @Test
    void shouldNotLetAPrivateClassBurnAStranger() {
        // given one owner with more than a tenth of the stake, and friends without any
        var stakes = new HashMap<>(owners(20, 100));
        stakes.put(Parties.key("whale").address(), Amount.of(400));
        var bystanders = new HashMap<>(owners(25, 0));
        bystanders.putAll(owners(19, 100));

        // then
        assertThat(new Population(OTHER, stakes, 200, 0).bindsStake()).isFalse();
        assertThat(new Population(OTHER, bystanders, 200, 0).bindsStake()).isFalse();
    }

    @Test
    void shouldKeepCrashAndCheatApart() {
        for (var crash : EnumSet.of(Misconduct.CRASHED, Misconduct.WITHHELD_REVEAL)) {
            assertThat(crash.sanction(true).ledger()).isEqualTo(Ledger.CRASH);
            assertThat(crash.sanction(true).stake()).isFalse();
        }
        assertThat(Misconduct.CRASHED.sanction(true).pay()).isFalse();
        assertThat(Misconduct.DIFFERING_SEGMENT.sanction(true))
                .isEqualTo(new Misconduct.Sanction(true, true, true, true, Ledger.CHEAT));
    }

    @Test
    void shouldDoubtSilenceAboutWhatWasDrawnUntilTheNextRunHolds() {
        for (boolean binds : new boolean[] {true, false}) {
            var silent = Misconduct.UNSERVED_CHECKPOINT;
            assertThat(silent.ledger(binds, Hindsight.NOTHING)).isEqualTo(Ledger.DOUBT);
            assertThat(silent.ledger(binds, Hindsight.SAME)).isEqualTo(Ledger.CRASH);
            assertThat(silent.ledger(binds, Hindsight.OTHER)).isEqualTo(binds ? Ledger.CHEAT : Ledger.DOUBT);
        }
    }

    @Test
    void shouldDoubtWhoFellAndWasSaidToBeRight() {
        for (var fell : EnumSet.of(Misconduct.DIFFERING_SEGMENT, Misconduct.DIFFERING_OUTPUT)) {
            assertThat(fell.ledger(true, Hindsight.NOTHING)).isEqualTo(Ledger.CHEAT);
            assertThat(fell.ledger(true, Hindsight.OTHER)).isEqualTo(Ledger.CHEAT);
            assertThat(fell.ledger(true, Hindsight.SAME)).isEqualTo(Ledger.DOUBT);
            assertThat(fell.ledger(false, Hindsight.SAME)).isEqualTo(Ledger.CRASH);
        }
        assertThat(Misconduct.WRONG_OPENING.ledger(true, Hindsight.SAME)).isEqualTo(Ledger.CHEAT);
    }

    @Test
    void shouldCompareLeavesOnlyAsFarAsBothGo() {
        var held = Map.of(1, "a", 2, "b");
        assertThat(Hindsight.of(Map.of(1, "a"), held)).isEqualTo(Hindsight.SAME);
        assertThat(Hindsight.of(Map.of(1, "a", 3, "c"), held)).isEqualTo(Hindsight.NOTHING);
        assertThat(Hindsight.of(Map.of(1, "a", 2, "x", 3, "c"), held)).isEqualTo(Hindsight.OTHER);
        assertThat(Hindsight.of(Map.of(), held)).isEqualTo(Hindsight.NOTHING);
    }

    @Test
    void shouldNotMakeSilenceCheaperThanBeingCaught() {
        var silent = Misconduct.UNSERVED_CHECKPOINT.sanction(true);
        assertThat(silent.pay()).isTrue();
        assertThat(silent.bond()).isTrue();
    }

    @Test
    void shouldTakeThePayAndNeverTheStakeOnBitsBelowTheFloor() {
        for (var conduct : EnumSet.of(Misconduct.DIFFERING_SEGMENT, Misconduct.DIFFERING_OUTPUT)) {
            assertThat(conduct.sanction(false))
                    .isEqualTo(new Misconduct.Sanction(true, false, false, true, Ledger.CRASH));
        }
        assertThat(Misconduct.EQUIVOCATION.sanction(false).stake()).isTrue();
        assertThat(Misconduct.WRONG_AUDIT.sanction(false).stake()).isFalse();
        assertThat(Misconduct.WRONG_AUDIT.sanction(true).reopens()).isFalse();
    }

    @Test
    void shouldPlantOnlyWhatNobodyCanHaveSeen() {
        var segment = new Subject.Segment(3);
        var planted = new Planted(segment, Parties.digest("leaf"), false);
        assertThat(planted.passedBy(Parties.digest("leaf"))).isTrue();
        assertThat(planted.passedBy(Parties.digest("a guess"))).isFalse();
        assertThatThrownBy(() -> new Planted(segment, Parties.digest("leaf"), true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Planted.auditorStake(Amount.of(5))).isEqualTo(Amount.of(100));
    }

    @Test
    void shouldPlantInOneAuditOfTwenty() {
        // when
        long planted = IntStream.range(0, 4_000)
                .filter(i -> Planted.due(Parties.digest("seed " + i)))
                .count();

        // then
        assertThat(planted).isBetween(140L, 260L);
    }

    private static Map<Address, Amount> owners(int count, long stake) {
        var owners = new HashMap<Address, Amount>();
        IntStream.range(0, count)
                .forEach(i -> owners.put(Parties.key("owner " + i).address(), Amount.of(stake)));
        return owners;
    }
}
