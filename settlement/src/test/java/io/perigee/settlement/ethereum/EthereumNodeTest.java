package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.NodeProxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node that answers, and nothing that makes sense. */
class EthereumNodeTest {
    private static final String HASH = "0x" + "ab".repeat(32);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "head | {\"number\":\"0x1\"}",
                "head | {\"number\":\"many\",\"hash\":\"HASH\",\"parentHash\":\"HASH\",\"timestamp\":\"0x1\"}",
                "head | {\"number\":\"0xffffffffffffffffff\",\"hash\":\"HASH\",\"parentHash\":\"HASH\",\"timestamp\":\"0x1\"}",
                "head | {\"number\":\"0x1\",\"hash\":\"0x12\",\"parentHash\":\"HASH\",\"timestamp\":\"0x1\"}",
                "block | {\"number\":\"0x1\",\"hash\":\"HASH\",\"parentHash\":\"HASH\",\"timestamp\":\"0xffffffffffffffff\"}",
                "chain | \"soon\"",
                "chain | null",
                "inclusion | {\"blockNumber\":\"0x1\"}",
                "inclusion | {\"transactionHash\":\"HASH\",\"blockNumber\":\"soon\",\"blockHash\":\"HASH\",\"gasUsed\":\"0x1\",\"status\":\"0x1\"}",
                "logs | null",
                "logs | [{\"address\":\"0x12\"}]",
                "logs of a block | [{\"address\":\"HASH\",\"topics\":[\"HASH\"],\"data\":\"0x\"}]",
                "view | null",
                "view | \"0xnothing\""
            })
    void shouldTakeAnAnswerThatMakesNoSenseForNone(String question, String answer) {
        // given
        var result = "\"result\":" + answer.replace("HASH", HASH);
        try (var proxy = NodeProxy.before(URI.create("http://127.0.0.1:1"), asked -> Optional.of(result));
                var rpc = new Rpc(proxy.url(), Duration.ofSeconds(30))) {
            var node = new EthereumNode(rpc);

            // when
            assertThatExceptionOfType(ChainUnavailable.class)
                    .isThrownBy(() -> questions(question).accept(node))
                    // then
                    .withMessageStartingWith("Expected ");
        }
    }

    private static Consumer<EthereumNode> questions(String name) {
        var hash = Market.word("something");
        var emitters = List.of(Market.key("contract").address());
        return switch (name) {
            case "head" -> EthereumNode::head;
            case "block" -> node -> node.block(1);
            case "chain" -> EthereumNode::chainId;
            case "inclusion" -> node -> node.inclusion(hash);
            case "logs" -> node -> node.logs(1, 2, emitters);
            case "logs of a block" -> node -> node.logs(new Block(1, hash, hash, Instant.EPOCH), emitters);
            case "view" -> node -> node.view(new Call(emitters.getFirst(), new byte[4]), 1);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
