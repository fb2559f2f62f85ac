package io.perigee.cli.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingTest {
    @ParameterizedTest
    @CsvSource({
        "1000000, 0, 100",
        "1000000, 15, 100",
        "1000000, 16, 200",
        "1000000, 111, 6400",
        "1000000, 112, 10000",
        "1000000, 100000, 10000",
        "10001, 0, 2",
        "1, 500, 1",
        "0, 500, 0"
    })
    void shouldPriceADemandAsTheContractDoes(long bond, long before, long price) {
        // given
        var standing = new EpochBook.Standing(Address.ZERO, Amount.of(bond), Instant.EPOCH);

        // when
        var found = standing.demandBond(before);

        // then
        assertThat(found).isEqualTo(Amount.of(price));
    }
}
