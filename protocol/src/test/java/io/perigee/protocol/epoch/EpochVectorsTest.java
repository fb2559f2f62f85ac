package io.perigee.protocol.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.Vectors;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EpochVectorsTest {
    static Stream<JsonNode> epochs() {
        return each(Vectors.read("epoch").get("epochs"));
    }

    @ParameterizedTest
    @MethodSource("epochs")
    void shouldSortSumAndHashAsTheVectorsSay(JsonNode vector) {
        // given
        var collector = new LineCollector();
        each(vector.get("given"))
                .forEach(row -> collector.add(
                        address(row, "builder"),
                        digest(row, "orderHash"),
                        digest(row, "assignmentHash"),
                        address(row, "owner"),
                        amount(row, "amount")));

        // when
        var ledger = EpochLedger.of(new EpochId(Address.ZERO, Address.ZERO, 1), collector.lines());

        // then
        assertThat(ledger.content())
                .isEqualTo(
                        new Content(digest(vector, "root"), vector.get("lines").size(), digest(vector, "accounts")));
        assertThat(ledger.accounts().encoded()).isEqualTo(Vectors.hex(vector.get("encoded")));
        assertThat(Accounts.decode(Vectors.hex(vector.get("encoded")))).isEqualTo(ledger.accounts());
        assertThat(ledger.accounts().debits())
                .containsExactlyElementsOf(each(vector.get("debits"))
                        .map(row -> new Debit(
                                address(row, "builder"), row.get("lines").asInt(), amount(row, "amount")))
                        .toList());
        assertThat(ledger.accounts().credits())
                .containsExactlyElementsOf(each(vector.get("credits"))
                        .map(row -> new Credit(address(row, "owner"), amount(row, "amount")))
                        .toList());
        for (int i = 0; i < vector.get("lines").size(); i++) {
            var row = vector.get("lines").get(i);
            assertThat(ledger.lines().line(i)).isEqualTo(line(row));
            assertThat(ledger.proof(i))
                    .containsExactlyElementsOf(each(row.get("proof"))
                            .map(node -> Digest.parse(node.asText()))
                            .toList());
        }
    }

    private static Line line(JsonNode row) {
        return new Line(
                address(row, "builder"),
                digest(row, "orderHash"),
                digest(row, "assignmentHash"),
                address(row, "owner"),
                amount(row, "amount"),
                amount(row, "sum"));
    }

    private static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Address address(JsonNode row, String field) {
        return Address.parse(row.get(field).asText());
    }

    private static Digest digest(JsonNode row, String field) {
        return Digest.parse(row.get(field).asText());
    }

    private static Amount amount(JsonNode row, String field) {
        return Amount.parse(row.get(field).asText());
    }
}
