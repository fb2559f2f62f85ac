package io.perigee.settlement.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Inclusion;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/** {@link ChainReader} over JSON-RPC. Filters and subscriptions are not used: they stop without a word. */
public final class EthereumNode implements ChainReader {
    private final Rpc rpc;

    public EthereumNode(Rpc rpc) {
        this.rpc = rpc;
    }

    /** Asked once at start, so that nothing is ever signed for another chain. */
    public long chainId() {
        return rpc.read(rpc.web3j().ethChainId(), answer -> answer.getChainId().longValueExact());
    }

    @Override
    public Block head() {
        return block(DefaultBlockParameterName.LATEST)
                .orElseThrow(() -> new ChainUnavailable("Expected to read the latest block, but the node has none"));
    }

    @Override
    public Optional<Block> block(long number) {
        var found = block(DefaultBlockParameter.valueOf(BigInteger.valueOf(number)));
        found.ifPresent(
                block -> require(block.number() == number, "block %d, but got %d".formatted(number, block.number())));
        return found;
    }

    @Override
    public List<ChainLog> logs(long from, long to, List<Address> emitters) {
        var filter = new EthFilter(
                DefaultBlockParameter.valueOf(BigInteger.valueOf(from)),
                DefaultBlockParameter.valueOf(BigInteger.valueOf(to)),
                emitters.stream().map(Address::value).toList());
        var logs = logs(filter, emitters);
        for (var log : logs) {
            require(
                    log.block() >= from && log.block() <= to,
                    "logs of blocks %d-%d, but got %d".formatted(from, to, log.block()));
        }
        return logs;
    }

    @Override
    public List<ChainLog> logs(Block block, List<Address> emitters) {
        var logs = logs(new OfBlock(block.hash(), emitters), emitters);
        for (var log : logs) {
            require(
                    log.blockHash().equals(block.hash()),
                    "logs of block %s, but got those of %s".formatted(block.hash(), log.blockHash()));
        }
        return logs;
    }

    private List<ChainLog> logs(EthFilter filter, List<Address> emitters) {
        var logs = rpc.read(rpc.web3j().ethGetLogs(filter), EthereumNode::canonical);
        logs.sort(Comparator.comparingLong(ChainLog::block).thenComparingInt(ChainLog::index));
        for (var log : logs) {
            require(emitters.contains(log.emitter()), "logs of our contracts, but got " + log.emitter());
        }
        return logs;
    }

    private static List<ChainLog> canonical(EthLog answer) {
        List<ChainLog> logs = new ArrayList<>();
        for (var result : answer.getLogs()) {
            if (!(result instanceof EthLog.LogObject log) || log.isRemoved()) {
                throw new ChainUnavailable(
                        "Expected to read the logs of canonical blocks, but the node sent something else");
            }
            logs.add(log(log));
        }
        return logs;
    }

    /** The library has no filter of one block and several contracts. */
    private static final class OfBlock extends EthFilter {
        private final List<String> addresses;

        OfBlock(Digest block, List<Address> emitters) {
            super(block.value());
            addresses = emitters.stream().map(Address::value).toList();
        }

        @Override
        public List<String> getAddress() {
            return addresses;
        }
    }

    @Override
    public Optional<Inclusion> inclusion(Digest transaction) {
        return rpc.read(
                rpc.web3j().ethGetTransactionReceipt(transaction.value()),
                answer -> answer.getTransactionReceipt().map(receipt -> inclusion(transaction, receipt)));
    }

    private static Inclusion inclusion(Digest transaction, TransactionReceipt receipt) {
        require(
                receipt.getTransactionHash().equalsIgnoreCase(transaction.value()),
                "the receipt of %s, but got that of %s".formatted(transaction, receipt.getTransactionHash()));
        return new Inclusion(
                transaction,
                receipt.getBlockNumber().longValueExact(),
                Digest.parse(receipt.getBlockHash()),
                receipt.isStatusOK(),
                receipt.getGasUsed().longValueExact());
    }

    @Override
    public byte[] view(Call call, long block) {
        var message = Transaction.createEthCallTransaction(null, call.to().value(), Numeric.toHexString(call.data()));
        return rpc.read(
                rpc.web3j().ethCall(message, DefaultBlockParameter.valueOf(BigInteger.valueOf(block))),
                answer -> bytes(answer.getValue()));
    }

    private Optional<Block> block(DefaultBlockParameter which) {
        return rpc.read(rpc.web3j().ethGetBlockByNumber(which, false), answer -> {
            EthBlock.@Nullable Block block = answer.getBlock();
            return Optional.ofNullable(block).map(EthereumNode::block);
        });
    }

    private static Block block(EthBlock.Block found) {
        return new Block(
                found.getNumber().longValueExact(),
                Digest.parse(found.getHash()),
                Digest.parse(found.getParentHash()),
                Instant.ofEpochSecond(found.getTimestamp().longValueExact()));
    }

    private static ChainLog log(Log log) {
        return new ChainLog(
                Address.parse(log.getAddress()),
                log.getTopics().stream().map(Digest::parse).toList(),
                bytes(log.getData()),
                log.getBlockNumber().longValueExact(),
                Digest.parse(log.getBlockHash()),
                Digest.parse(log.getTransactionHash()),
                log.getLogIndex().intValueExact());
    }

    /** The library reads letters that are no digits without a word. */
    private static byte[] bytes(String hex) {
        require(hex.startsWith("0x"), "bytes, but got " + hex.substring(0, Math.min(hex.length(), 10)));
        return HexFormat.of().parseHex(hex, 2, hex.length());
    }

    private static void require(boolean holds, String expectation) {
        if (!holds) {
            throw new ChainUnavailable("Expected to read " + expectation);
        }
    }
}
