package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hub that says other things than before, or nothing, on a chain that cannot be asked. */
class HubsWordTest {
    private static final Address SOMEBODY = Address.parse("0x" + "ab".repeat(20));
    private static final KeyPair WALLET = DevMarket.key("word");
    private static final String NO_CHAIN = "http://127.0.0.1:1";
    private static final HubInfo SAYS =
            new HubInfo(SOMEBODY, 5, SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, "ptUSD", 6, 5, 3600, NO_CHAIN, List.of());

    @TempDir
    Path home;

    private QuotingHub hub;

    @BeforeEach
    void open() throws IOException {
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(WALLET, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(home.resolve("wallet.password"), "secret");
        Files.writeString(home.resolve("job.yaml"), QuotingHub.job("a"));
        hub = new QuotingHub(SAYS, WALLET.address());
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldRefuseAHubThatGivesItsTokenOtherDecimals() {
        // given
        perigee("hub");
        hub.says(QuotingHub.with(SAYS, 5, 8));

        // when
        var run = submit();

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err())
                .contains("WRONG_HUB", "its token's decimals is 8 instead of 6")
                .contains("--rpc URL --escrow " + SOMEBODY);
        assertThat(hub.submitted).isEmpty();
    }

    @Test
    void shouldSignForNoMoneyOfWhichNoChainCanBeAsked() {
        // when
        var run = submit();

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("Expected to reach the chain", "--rpc");
        assertThat(hub.submitted).isEmpty();
    }

    @Test
    void shouldSignForPlayMoneyWithItsChainAway() {
        // given
        hub.says(QuotingHub.with(SAYS, 31337, 6));

        // when
        var run = submit();

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(hub.submitted).hasSize(1);
    }

    /** As the chart has it. */
    @Test
    void shouldSignForPlayMoneyWhereTheHubNamesNoEndpoint() {
        // given
        hub.says(QuotingHub.withoutEndpoint(QuotingHub.with(SAYS, 31337, 6)));

        // when
        var run = submit();

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(hub.submitted).hasSize(1);
    }

    @Test
    void shouldRefuseAHubOfAnotherEscrowThanTheOneThatIsNamed() {
        // given
        hub.says(QuotingHub.with(SAYS, 31337, 6));

        // when
        var run = perigee("submit", job(), "--yes", "--escrow", "0x" + "1".repeat(40));

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("WRONG_HUB");
        assertThat(hub.submitted).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "502, <html>",
        "503, {}",
        "500, oh",
        "404, <html>",
        "403, <html>",
        "429, slow down",
        "200, <html>",
        "301, ''"
    })
    void shouldGoByWhatItSaidBeforeWhateverComesInstead(int status, String page) {
        // given
        perigee("hub");
        hub.hides(status, page);

        // when
        var run = perigee("balance");

        // then
        assertThat(run.err()).contains("using what it said before", "Expected to reach the chain at '" + NO_CHAIN);
    }

    @ParameterizedTest
    @CsvSource({"502, <html>", "404, <html>", "200, <html>"})
    void shouldSayHowToDoWithoutAHubThatItNeverMet(int status, String page) {
        // given
        hub.hides(status, page);

        // when
        var run = perigee("balance");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("--rpc URL --escrow ADDRESS");
    }

    /** A hub that says nothing while it is compared, and then something else. */
    @Test
    void shouldReadAmountsByWhatItSaidBefore() {
        // given
        hub.says(QuotingHub.with(SAYS, 31337, 6));
        perigee("hub");
        hub.hides(502, "<html>");
        hub.says(QuotingHub.with(SAYS, 31337, 8));

        // when
        var run = submit();

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("its price.max is 250000000 instead of 2500000");
        assertThat(hub.submitted).isEmpty();
    }

    private CliRun submit() {
        return perigee("submit", job(), "--yes");
    }

    private String job() {
        return home.resolve("job.yaml").toString();
    }

    private CliRun perigee(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--hub", hub.url()));
        return CliRun.of(home, all.toArray(String[]::new));
    }
}
