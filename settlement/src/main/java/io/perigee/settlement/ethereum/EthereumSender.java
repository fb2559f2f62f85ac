package io.perigee.settlement.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Submission;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.utils.Numeric;

/** {@link ChainSender} over JSON-RPC. */
public final class EthereumSender implements ChainSender {
    private static final int EXECUTION_REVERTED = 3;

    private final Rpc rpc;
    private final RevertReasons reasons;

    public EthereumSender(Rpc rpc, RevertReasons reasons) {
        this.rpc = rpc;
        this.reasons = reasons;
    }

    @Override
    public long minedCount(Address sender, long block) {
        return rpc.read(
                rpc.web3j()
                        .ethGetTransactionCount(
                                sender.value(), DefaultBlockParameter.valueOf(BigInteger.valueOf(block))),
                answer -> answer.getTransactionCount().longValueExact());
    }

    @Override
    public Estimate estimate(Address sender, Call call) {
        var message = Transaction.createFunctionCallTransaction(
                sender.value(), null, null, null, call.to().value(), Numeric.toHexString(call.data()));
        var question = rpc.web3j().ethEstimateGas(message);
        var answer = rpc.ask(question);
        if (!answer.hasError()) {
            return new Estimate.Gas(
                    rpc.sense(question, answer, gas -> gas.getAmountUsed().longValueExact()));
        }
        var error = answer.getError();
        var text = lower(error.getMessage());
        if (text.contains("insufficient funds") || text.contains("gas required exceeds allowance")) {
            return new Estimate.NoFunds(error.getMessage());
        }
        if (error.getCode() == EXECUTION_REVERTED || text.contains("revert")) {
            return new Estimate.WouldRevert(reasons.read(error.getMessage(), dataOf(error)));
        }
        throw new ChainUnavailable(
                "Expected to estimate a transaction's gas, but the node answered: " + error.getMessage());
    }

    @Override
    public FeeQuote fees() {
        var base = rpc.read(
                rpc.web3j().ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false),
                answer -> answer.getBlock().getBaseFeePerGas());
        var tip = rpc.read(rpc.web3j().ethMaxPriorityFeePerGas(), answer -> answer.getMaxPriorityFeePerGas());
        return new FeeQuote(base, tip);
    }

    @Override
    public BigInteger balance(Address sender) {
        return rpc.read(
                rpc.web3j().ethGetBalance(sender.value(), DefaultBlockParameterName.LATEST),
                answer -> answer.getBalance());
    }

    @Override
    public Submission send(byte[] raw) {
        var answer = rpc.ask(rpc.web3j().ethSendRawTransaction(Numeric.toHexString(raw)));
        if (!answer.hasError()) {
            return new Submission.Accepted();
        }
        var said = String.valueOf(answer.getError().getMessage());
        return SendingFaults.read(said).orElseGet(() -> new Submission.Unclear(said));
    }

    private static @Nullable String dataOf(Response.Error error) {
        return error.getData();
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
