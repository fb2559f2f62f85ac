package io.perigee.cli.ethereum;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/** Sends one transaction after the other from a user's wallet and waits for each. */
final class Sender {
    private static final BigInteger TIP = BigInteger.valueOf(1_000_000_000L);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(250);

    private static final String LOOK = "It may still come; look it up before you send another";

    private final Node node;
    private final long chainId;

    Sender(Node node, long chainId) {
        this.node = node;
        this.chainId = chainId;
    }

    /** What the call would take now; a call that would be refused is refused here, in the contract's words. */
    long estimate(Address from, Address to, String data) {
        var call = Transaction.createFunctionCallTransaction(from.value(), null, null, null, to.value(), data);
        var answer = node.ask(node.web3j().ethEstimateGas(call));
        if (answer.hasError()) {
            throw refused(
                    to,
                    Reverts.read(
                            answer.getError().getMessage(), answer.getError().getData()));
        }
        return answer.getAmountUsed().longValueExact();
    }

    private static ChainFault refused(Address to, Reverts.Reason reason) {
        boolean poor = reason.name().isEmpty()
                && reason.text().toLowerCase(Locale.ROOT).contains("insufficient funds");
        return new ChainFault(
                ErrorCode.CHAIN_ERROR,
                "Expected the contract %s to accept the call, but it said: %s".formatted(to, reason.text()),
                poor
                        ? "The wallet needs the chain's own coin for gas; on a dev chain: perigee faucet"
                        : Reverts.hint(reason.name()).orElse("Check the balance with 'perigee balance'"),
                reason.name());
    }

    Sent send(KeyPair wallet, Address to, String data) {
        var gas = limit(estimate(wallet.address(), to, data));
        var nonce = node.get(node.web3j()
                        .ethGetTransactionCount(wallet.address().value(), DefaultBlockParameterName.PENDING))
                .getTransactionCount();
        var raw =
                RawTransaction.createTransaction(chainId, nonce, gas, to.value(), BigInteger.ZERO, data, TIP, maxFee());
        var signed = TransactionEncoder.signMessage(raw, Credentials.create(Numeric.toHexString(wallet.secret())));
        return await(taken(Numeric.toHexString(signed), Hash.sha3(Numeric.toHexString(signed))));
    }

    /** A quarter more than was estimated, since the block before may change what a call finds. */
    static BigInteger limit(long estimate) {
        return BigInteger.valueOf(estimate).multiply(BigInteger.valueOf(5)).divide(BigInteger.valueOf(4));
    }

    /** An endpoint that does not answer may have handed it on: so its name is said, and nobody sends it twice unawares. */
    private String taken(String signed, String txHash) {
        try {
            var answer = node.ask(node.web3j().ethSendRawTransaction(signed));
            if (answer.hasError()) {
                throw new ChainFault(
                        "Expected the chain to take transaction %s, but it said: %s"
                                .formatted(txHash, answer.getError().getMessage()),
                        "The wallet needs the chain's own coin for gas; on a dev chain: perigee faucet");
            }
            return txHash;
        } catch (ChainFault e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
            throw new ChainFault(
                    ErrorCode.UNAVAILABLE,
                    "Expected to send transaction %s, but whether it was taken is not known: %s"
                            .formatted(txHash, e.getMessage()),
                    LOOK);
        }
    }

    /** Twice the base fee and the tip: good for several full blocks. */
    BigInteger maxFee() {
        var base = node.block(DefaultBlockParameterName.LATEST).getBaseFeePerGas();
        return base.shiftLeft(1).add(TIP);
    }

    private Sent await(String txHash) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        var last = "it is not";
        while (System.nanoTime() < end) {
            Optional<TransactionReceipt> receipt;
            try {
                receipt =
                        node.get(node.web3j().ethGetTransactionReceipt(txHash)).getTransactionReceipt();
            } catch (ChainFault e) {
                // it is under way whether the endpoint answers or not
                last = String.valueOf(e.getMessage());
                receipt = Optional.empty();
            }
            if (receipt.isPresent()) {
                var found = receipt.get();
                if (!found.isStatusOK()) {
                    throw new ChainFault(
                            "Expected transaction %s to succeed, but it was reverted in block %d"
                                    .formatted(txHash, found.getBlockNumber()),
                            "Something changed between the estimate and the block; try again");
                }
                var price = Numeric.decodeQuantity(found.getEffectiveGasPrice());
                return new Sent(
                        txHash,
                        found.getBlockNumber().longValueExact(),
                        found.getGasUsed().longValueExact(),
                        price.multiply(found.getGasUsed()));
            }
            pause(txHash);
        }
        throw new ChainFault(
                ErrorCode.TIMED_OUT,
                "Expected transaction %s in a block within %d s, but %s"
                        .formatted(txHash, LONGEST_WAIT.toSeconds(), last),
                LOOK);
    }

    private static void pause(String txHash) {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainFault(
                    ErrorCode.TIMED_OUT,
                    "Expected to wait for transaction %s, but was interrupted".formatted(txHash),
                    LOOK);
        }
    }
}
