package io.perigee.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BudgetTest {
    private static final String GREEDY = "192.0.2.1";
    private static final String OTHER = "192.0.2.2";

    private final Budget budget = new Budget(100, 40);

    @Test
    void shouldLeaveRoomForOthersWhereOneTakesAllItCan() {
        // given: in bodies of its own each, as small as it likes
        for (int i = 0; i < 40; i++) {
            budget.share(GREEDY).take(1);
        }

        // when
        var more = budget.share(GREEDY).take(1);
        var other = budget.share(OTHER).take(40);

        // then
        assertThat(more).isEqualTo(Budget.Room.NONE_FOR_IT);
        assertThat(other).isEqualTo(Budget.Room.TAKEN);
    }

    @Test
    void shouldKeepNoMoreInAllHoweverManyTheyAre() {
        // given
        budget.share("192.0.2.3").take(40);
        budget.share("192.0.2.4").take(40);

        // when
        var room = budget.share(OTHER).take(21);

        // then
        assertThat(room).isEqualTo(Budget.Room.NONE);
        assertThat(budget.share(OTHER).take(20)).isEqualTo(Budget.Room.TAKEN);
    }

    @Test
    void shouldRememberNobodyWhoGaveAllBack() {
        // given
        var share = budget.share(GREEDY);
        share.take(30);
        share.take(30);
        share.take(10);

        // when
        share.close();
        share.close();

        // then
        assertThat(budget.addresses()).isZero();
        assertThat(budget.share(GREEDY).take(40)).isEqualTo(Budget.Room.TAKEN);
    }
}
