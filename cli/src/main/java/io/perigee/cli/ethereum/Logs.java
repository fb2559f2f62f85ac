package io.perigee.cli.ethereum;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.datatypes.Event;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.Log;

/** Events of a contract, read in pieces that public nodes answer, between instants of the chain's own time. */
final class Logs {
    private static final long PIECE = 2_000;
    private static final int MOST = 100_000;

    private final Node node;

    Logs(Node node) {
        this.node = node;
    }

    /** The chain's own time. */
    Instant now() {
        return time(node.block(DefaultBlockParameterName.LATEST));
    }

    long head() {
        return node.get(node.web3j().ethBlockNumber()).getBlockNumber().longValueExact();
    }

    /** The first block that is not before this instant; one after the head when there is none. */
    long firstAt(Instant instant) {
        long low = 0;
        long high = head() + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (timeOf(middle).isBefore(instant)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * All such events, in chain order.
     *
     * @param topics the indexed values, in the event's order; empty where any will do
     */
    List<Log> find(Address contract, Event event, long from, long to, List<Optional<String>> topics) {
        return find(contract, List.of(event), from, to, topics);
    }

    /** The same of several kinds of events at once; their indexed values stand in the same places. */
    List<Log> find(Address contract, List<Event> events, long from, long to, List<Optional<String>> topics) {
        var found = new ArrayList<Log>();
        long start = from;
        while (start <= to) {
            long end = Math.min(start + PIECE - 1, to);
            var filter = new EthFilter(
                    DefaultBlockParameter.valueOf(BigInteger.valueOf(start)),
                    DefaultBlockParameter.valueOf(BigInteger.valueOf(end)),
                    contract.value());
            filter.addOptionalTopics(events.stream().map(EventEncoder::encode).toArray(String[]::new));
            topics.forEach(topic -> topic.ifPresentOrElse(filter::addSingleTopic, filter::addNullTopic));
            for (var result : node.get(node.web3j().ethGetLogs(filter)).getLogs()) {
                if (result instanceof EthLog.LogObject log && !log.isRemoved()) {
                    found.add(log);
                }
            }
            if (found.size() > MOST) {
                throw new ChainFault(
                        ErrorCode.TOO_LARGE,
                        "Expected at most %d events, but there are more".formatted(MOST),
                        "Name a later block with --from-block, or a shorter time with --since");
            }
            start = end + 1;
        }
        return found;
    }

    static Optional<String> topic(Address address) {
        return Optional.of("0x" + "0".repeat(24) + address.value().substring(2));
    }

    static Optional<String> topic(Digest digest) {
        return Optional.of(digest.value());
    }

    static Optional<String> topic(long number) {
        return Optional.of("0x%064x".formatted(number));
    }

    /** When a block was made, by itself. */
    Instant timeOf(long number) {
        return time(node.block(DefaultBlockParameter.valueOf(BigInteger.valueOf(number))));
    }

    private static Instant time(EthBlock.Block block) {
        return Instant.ofEpochSecond(block.getTimestamp().longValueExact());
    }
}
