package io.perigee.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BudgetTest {
    private static final String GREEDY = "192.0.2.1";
    private static final String OTHER = "192.0.2.2";

    private final Budget budget = new Budget(100, 40);
    private final List<String> outOfTheWay = new ArrayList<>();

    @Test
    void shouldLeaveRoomForOthersWhereOneTakesAllItCan() {
        // given: in bodies of its own each, as small as it likes
        for (int i = 0; i < 40; i++) {
            share(GREEDY).take(1);
        }

        // when
        var more = share(GREEDY).take(1);
        var other = share(OTHER).take(40);

        // then
        assertThat(more).isEqualTo(Budget.Room.NONE_FOR_IT);
        assertThat(other).isEqualTo(Budget.Room.TAKEN);
    }

    @Test
    void shouldKeepNoMoreInAllHoweverManyTheyAre() {
        // given: all of it worked on
        var first = share("192.0.2.3");
        var second = share("192.0.2.4");
        first.take(40);
        second.take(40);
        first.arrived();
        second.arrived();

        // when
        var room = share(OTHER).take(21);

        // then
        assertThat(room).isEqualTo(Budget.Room.NONE);
        assertThat(share(OTHER).take(20)).isEqualTo(Budget.Room.TAKEN);
        assertThat(outOfTheWay).isEmpty();
    }

    @Test
    void shouldLetTheFirstGoOfWhoeverHoldsMostWhereAllIsTaken() {
        // given: a host with a network of its own, and somebody before it
        share(OTHER).take(10);
        for (int i = 0; i < 9; i++) {
            share("20010db80000000" + i + "/64").take(10);
        }

        // when
        var room = share(GREEDY).take(11);

        // then
        assertThat(room).isEqualTo(Budget.Room.TAKEN);
        assertThat(outOfTheWay).containsExactly("20010db800000000/64", "20010db800000001/64");
    }

    @Test
    void shouldTakeNoMoreForWhoHadToMakeRoom() {
        // given
        var slow = share("192.0.2.3");
        slow.take(40);
        share("192.0.2.4").take(30);
        share("192.0.2.5").take(30);

        // when
        share(OTHER).take(20);

        // then
        assertThat(outOfTheWay).containsExactly("192.0.2.3");
        assertThat(slow.take(1)).isEqualTo(Budget.Room.NONE);
        slow.close();
        assertThat(share(OTHER).take(20)).isEqualTo(Budget.Room.TAKEN);
        assertThat(outOfTheWay).hasSize(1);
    }

    @Test
    void shouldRememberNobodyWhoGaveAllBack() {
        // given
        var share = share(GREEDY);
        share.take(30);
        share.take(30);
        share.take(10);

        // when
        share.close();
        share.close();

        // then
        assertThat(budget.addresses()).isZero();
        assertThat(share(GREEDY).take(40)).isEqualTo(Budget.Room.TAKEN);
    }

    private Budget.Share share(String address) {
        return budget.share(address, () -> outOfTheWay.add(address));
    }
}
