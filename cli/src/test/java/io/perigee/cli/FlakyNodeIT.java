package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.cli.FlakyNode.Answer;
import io.perigee.protocol.crypto.KeyPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people's programs do when the chain's endpoint answers now and then. */
class FlakyNodeIT {
    @TempDir
    Path homes;

    private DevMarket market;
    private KeyPair somebody;

    @BeforeEach
    void open() {
        market = new DevMarket(homes);
        market.open(50_000_000);
        somebody = DevMarket.key("somebody");
        market.fund(somebody);
        market.deposit(somebody, 5_000_000);
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldSayThatTheEndpointIsAwayWhateverItAnswersInstead() {
        // given: one that answers nothing but 503, and one that is behind
        CliRun refused;
        CliRun behind;

        // when
        try (var node = new FlakyNode(market.anvil.url(), _ -> Optional.of(FlakyNode.AWAY))) {
            refused = run(node, "court", "cases");
        }
        try (var node = new FlakyNode(market.anvil.url(), on("eth_getBlockByNumber", 1_000, Answer.nothing()))) {
            behind = run(node, "court", "cases");
        }

        // then
        assertThat(refused.exit()).as(refused.err()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(refused.err()).contains("UNAVAILABLE", "503");
        assertThat(behind.exit()).as(behind.err()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(behind.err()).contains("UNAVAILABLE", "does not know");
    }

    @Test
    void shouldWaitForATransactionThoughTheEndpointIsAwayMeanwhile() {
        // given
        var free = market.free(somebody.address()).longValueExact();
        CliRun run;

        // when
        try (var node = new FlakyNode(market.anvil.url(), on("eth_getTransactionReceipt", 3, FlakyNode.AWAY))) {
            run = run(node, "withdraw", "1", "--yes");
        }

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(market.free(somebody.address()).longValueExact()).isEqualTo(free - 1_000_000);
    }

    @Test
    void shouldNameTheTransactionThatMayHaveBeenTaken() {
        // given
        CliRun run;

        // when
        try (var node = new FlakyNode(market.anvil.url(), on("eth_sendRawTransaction", 1, FlakyNode.AWAY))) {
            run = run(node, "withdraw", "1", "--yes");
        }

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).containsPattern("transaction 0x[0-9a-f]{64}").contains("look it up before");
    }

    private CliRun run(FlakyNode node, String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--rpc", node.url(), "--escrow", market.deployment.escrow()));
        all.addAll(List.of("--hub-address", market.hub.address().value()));
        return CliRun.of(market.home("somebody", somebody), all.toArray(String[]::new));
    }

    /** The first so many questions of a kind are answered otherwise. */
    private static Function<String, Optional<Answer>> on(String method, int times, Answer instead) {
        var left = new AtomicInteger(times);
        return asked -> asked.equals(method) && left.getAndDecrement() > 0 ? Optional.of(instead) : Optional.empty();
    }
}
