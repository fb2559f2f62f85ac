package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways out of the escrow and the registry, with no hub anywhere. */
class ExitsIT {
    private static final Duration WAIT = DevMarket.MAX_ORDER.plus(DevMarket.WINDOW.multipliedBy(9));

    @TempDir
    Path homes;

    private DevMarket market;

    @BeforeEach
    void open() {
        market = new DevMarket(homes);
        market.open(50_000_000);
    }

    @AfterEach
    void close() {
        market.close();
    }

    private CliRun builder(String... words) {
        return market.perigee("builder", market.builder, words);
    }

    @Test
    void shouldTakeOutWhatIsFreeAndAskTheRestBack() {
        // given
        market.deposit(market.builder, 20_000_000);
        var before = market.tokens(market.builder.address());

        // when
        var run = builder("withdraw", "30", "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("withdraw", "20 ptUSD", "ask back", "10 ptUSD", "MAX_ORDER + 9 W = 11h 00m")
                .contains("two transactions, at most")
                .contains("on its way")
                .contains("then perigee withdraw again");
        assertThat(market.tokens(market.builder.address()).subtract(before)).isEqualTo(20_000_000);
    }

    @Test
    void shouldBringTheRestWhenItsTimeIsOver() {
        // given
        assertThat(builder("withdraw", "10", "--yes").exit()).isZero();
        var before = market.tokens(market.builder.address());
        var early = builder("withdraw", "10", "--yes");
        market.advance(WAIT);

        // when
        var document = market.ask("builder", market.builder, "withdraw", "10");

        // then
        assertThat(early.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(early.out()).contains("may leave").doesNotContain("gas");
        assertThat(document.path("withdrawn").asText()).isEqualTo("10000000");
        assertThat(document.path("onItsWay").asText()).isEqualTo("0");
        assertThat(document.path("transactions").findValuesAsText("what")).containsExactly("reclaim", "withdraw");
        assertThat(market.tokens(market.builder.address()).subtract(before)).isEqualTo(10_000_000);
    }

    @Test
    void shouldWarnThatAskingAgainStartsTheTimeAgain() {
        // given
        builder("withdraw", "10", "--yes");
        market.advance(Duration.ofHours(1));

        // when
        var run = builder("withdraw", "--all", "--yes");

        // then
        assertThat(run.out()).contains("starts the time again for the 10 ptUSD");
        assertThat(market.ask("builder", market.builder, "balance")
                        .path("recalled")
                        .asText())
                .isEqualTo("50000000");
    }

    @Test
    void shouldSignNothingWithoutAYes() {
        var run = builder("withdraw", "10");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("ask back", "gas");
        assertThat(market.ask("builder", market.builder, "balance")
                        .path("recalled")
                        .asText())
                .isEqualTo("0");
    }

    @Test
    void shouldRefuseMoreThanThereIs() {
        var run = builder("withdraw", "51", "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("Expected 51 ptUSD to withdraw, but there are 0 ptUSD free");
    }

    @Test
    void shouldSayTheContractsReasonAsACode() {
        // given: the estimate asks the contract, which knows no address zero
        market.deposit(market.builder, 1_000_000);

        // when
        var run = builder("withdraw", "1", "--to", "0x" + "00".repeat(20), "--yes", "--json");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.CHAIN);
        assertThat(run.err()).contains("\"code\":\"ZeroAddress\"");
    }

    @Test
    void shouldTakeStakeOutWhenItsTimeIsOver() {
        // given
        var owner = market.owners.getFirst();
        assertThat(market.perigee(owner, "stake", "100", "--yes").exit()).isZero();
        var before = market.tokens(owner.address());

        // when
        var begun = market.perigee(owner, "unstake", "60", "--yes");
        var early = market.perigee(owner, "unstake", "--yes");
        market.advance(WAIT);
        var finished = market.ask(owner, "unstake");

        // then
        assertThat(begun.out()).contains("60 ptUSD", "of 100 ptUSD at stake", "MAX_ORDER + 9 W = 11h 00m", "gas");
        assertThat(early.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(early.out()).contains("60 ptUSD on their way");
        assertThat(finished.path("stake").asText()).isEqualTo("40000000");
        assertThat(finished.path("leaving").asText()).isEqualTo("0");
        assertThat(market.tokens(owner.address()).subtract(before)).isEqualTo(BigInteger.valueOf(60_000_000));
    }

    @Test
    void shouldRefuseToUnstakeWhatIsNotThere() {
        var owner = market.owners.getFirst();
        assertThat(market.perigee(owner, "unstake", "1", "--yes").err()).contains("but there are 0 ptUSD");
        assertThat(market.perigee(owner, "unstake", "--yes").err()).contains("Ask some back first");
    }

    @Test
    void shouldClaimAFreeBalanceToThePayee() {
        // given
        var owner = market.owners.getFirst();
        var payee = DevMarket.key("payee").address();
        market.deposit(owner.wallet(), 7_000_000);
        DevMarket.sent(() -> market.deployment
                .registry(market.web3j, market.manager(owner.wallet()))
                .setPayee(payee.value())
                .send());

        // when
        var document = market.ask(owner, "claim");

        // then
        assertThat(document.path("claimed").asText()).isEqualTo("7000000");
        assertThat(market.tokens(payee)).isEqualTo(7_000_000);
        assertThat(market.perigee(owner, "claim", "--yes").out()).contains("nothing can be claimed now");
    }

    @Test
    void shouldRefuseAnAddressWithoutAnEscrow() {
        var run = CliRun.of(
                market.home("builder", market.builder),
                "balance",
                "--rpc",
                market.anvil.url(),
                "--escrow",
                "0x" + "12".repeat(20));
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("there is no contract");
    }
}
