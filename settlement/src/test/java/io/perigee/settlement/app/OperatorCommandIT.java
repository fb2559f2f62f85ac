package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.testing.Tables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperatorCommandIT {
    private static final Address NOBODY = Address.of(new byte[20]);
    private static final EpochId EPOCH = new EpochId(NOBODY, NOBODY, 7);
    private static final Instant NOW = Instant.EPOCH;

    static Stream<Purpose> withoutAnotherWay() {
        return Stream.of(Purpose.settle(EPOCH), Purpose.answer(EPOCH, "7.1"));
    }

    @ParameterizedTest
    @MethodSource("withoutAnotherWay")
    void shouldNotGiveUpWhatNobodyElseWouldPay(Purpose purpose) {
        assertThat(abandoned(purpose)).isEqualTo(IntentState.PLANNED);
    }

    static Stream<Purpose> withAnotherWay() {
        return Stream.of(
                Purpose.post(EPOCH), new Purpose("direct:7"), new Purpose("collect:7"), new Purpose("carry:7"));
    }

    @ParameterizedTest
    @MethodSource("withAnotherWay")
    void shouldGiveUpWhatIsPaidOtherwise(Purpose purpose) {
        assertThat(abandoned(purpose)).isEqualTo(IntentState.ABANDONED);
    }

    private static IntentState abandoned(Purpose purpose) {
        try (var database = Tables.fresh()) {
            var said = new ByteArrayOutputStream();
            var err = new PrintStream(said, true, StandardCharsets.UTF_8);
            var call = new Call(NOBODY, new byte[0]);
            database.transact(tx -> IntentBook.plan(tx, purpose, Optional.empty(), call, NOW, Optional.empty()));
            int code = OperatorCommand.abandon(database, purpose, "it takes too long", NOW, err);
            var state = database.inTransaction(tx -> IntentBook.find(tx, purpose))
                    .orElseThrow()
                    .state();
            assertThat(code).isEqualTo(state == IntentState.ABANDONED ? 0 : 1);
            assertThat(said.toString(StandardCharsets.UTF_8).isEmpty()).isEqualTo(state == IntentState.ABANDONED);
            return state;
        }
    }
}
