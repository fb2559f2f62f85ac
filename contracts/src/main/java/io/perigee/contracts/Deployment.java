package io.perigee.contracts;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;
import org.web3j.tx.gas.StaticEIP1559GasProvider;

/**
 * Where the contracts of one market are. Every signed message carries {@code chainId} and {@code escrow} in its EIP-712
 * domain.
 *
 * @param chainId the chain's id
 * @param token the token of stakes and bonds; on a devstack also the money of orders
 * @param escrow the escrow, which made the registry
 * @param registry the provider registry of that escrow
 * @param epochs where thousands of jobs are paid at once
 * @param block the block to read logs from: nothing of this market is older
 */
public record Deployment(long chainId, String token, String escrow, String registry, String epochs, long block) {

    private static final BigInteger PRIORITY_FEE = BigInteger.valueOf(1_000_000_000L);
    private static final BigInteger MAX_FEE = BigInteger.valueOf(100_000_000_000L);
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(12_000_000L);
    // of a token with six decimals: a cent a case, and a dollar that a silent judge loses
    private static final BigInteger JUDGES_FEE = BigInteger.valueOf(10_000);
    private static final BigInteger TICKET_PRICE = BigInteger.valueOf(1_000_000);
    private static final int RECEIPT_ATTEMPTS = 240;
    private static final long RECEIPT_POLL_MILLIS = 250;

    public Deployment {
        if (chainId <= 0) {
            throw new IllegalArgumentException("Expected a positive chain id, but got " + chainId);
        }
        if (block < 0) {
            throw new IllegalArgumentException("Expected a block number, but got " + block);
        }
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(escrow, "escrow");
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(epochs, "epochs");
    }

    /**
     * Deploys the test token, and epochs, court and escrow (which deploys its registry and its evidence) that counts stake
     * in it. Waits for each transaction, at most a minute. For chains of one's own: the token is minted by anybody.
     *
     * @param window W of the escrow, in whole seconds
     * @param maxOrder the longest an order may live, in whole seconds
     * @throws IOException when the chain does not answer, or refuses
     */
    public static Deployment deploy(Web3j web3j, Credentials credentials, Duration window, Duration maxOrder)
            throws IOException {
        long chainId = web3j.ethChainId().send().getChainId().longValueExact();
        long block = web3j.ethBlockNumber().send().getBlockNumber().longValueExact();
        TransactionManager manager = manager(web3j, credentials, chainId);
        String token = sent("the test token", () -> TestToken.deploy(web3j, manager, gas(chainId))
                        .send())
                .getContractAddress();
        return onto(web3j, manager, chainId, block, token, window, maxOrder);
    }

    /**
     * The same for a token that is there already.
     *
     * @throws IOException when the chain does not answer, or refuses
     */
    public static Deployment deploy(
            Web3j web3j, Credentials credentials, String stakeToken, Duration window, Duration maxOrder)
            throws IOException {
        long chainId = web3j.ethChainId().send().getChainId().longValueExact();
        long block = web3j.ethBlockNumber().send().getBlockNumber().longValueExact();
        TransactionManager manager = manager(web3j, credentials, chainId);
        return onto(web3j, manager, chainId, block, stakeToken, window, maxOrder);
    }

    /** The escrow, spoken to with {@code manager}'s key. */
    public Escrow escrow(Web3j web3j, TransactionManager manager) {
        return Escrow.load(escrow, web3j, manager, gas(chainId));
    }

    /** The registry, spoken to with {@code manager}'s key. */
    public ProviderRegistry registry(Web3j web3j, TransactionManager manager) {
        return ProviderRegistry.load(registry, web3j, manager, gas(chainId));
    }

    /** The epochs, spoken to with {@code manager}'s key. */
    public Epochs epochs(Web3j web3j, TransactionManager manager) {
        return Epochs.load(epochs, web3j, manager, gas(chainId));
    }

    /** The token, spoken to with {@code manager}'s key. Its {@code mint} exists on the test token only. */
    public TestToken token(Web3j web3j, TransactionManager manager) {
        return TestToken.load(token, web3j, manager, gas(chainId));
    }

    /** A manager that signs with {@code credentials} and looks for receipts every quarter second, for a minute. */
    public static TransactionManager manager(Web3j web3j, Credentials credentials, long chainId) {
        return new RawTransactionManager(web3j, credentials, chainId, RECEIPT_ATTEMPTS, RECEIPT_POLL_MILLIS);
    }

    /** Fees that a chain of one's own accepts, and a limit under which every call of these contracts stays. */
    public static ContractGasProvider gas(long chainId) {
        return new StaticEIP1559GasProvider(chainId, MAX_FEE, PRIORITY_FEE, GAS_LIMIT);
    }

    private static Deployment onto(
            Web3j web3j,
            TransactionManager manager,
            long chainId,
            long block,
            String token,
            Duration window,
            Duration maxOrder)
            throws IOException {
        BigInteger seconds = BigInteger.valueOf(window.toSeconds());
        // epochs and court come first, made for the address that the escrow will have
        BigInteger nonce = web3j.ethGetTransactionCount(manager.getFromAddress(), DefaultBlockParameterName.PENDING)
                .send()
                .getTransactionCount();
        String next = ContractUtils.generateContractAddress(manager.getFromAddress(), nonce.add(BigInteger.TWO));
        Epochs epochs = sent("the epochs", () -> Epochs.deploy(web3j, manager, gas(chainId), next, seconds)
                .send());
        Court court = sent("the court", () -> Court.deploy(
                        web3j, manager, gas(chainId), next, token, seconds, JUDGES_FEE, TICKET_PRICE)
                .send());
        Escrow escrow = sent("the escrow", () -> Escrow.deploy(
                        web3j,
                        manager,
                        gas(chainId),
                        token,
                        seconds,
                        BigInteger.valueOf(maxOrder.toSeconds()),
                        epochs.getContractAddress(),
                        court.getContractAddress())
                .send());
        String registry = sent("the registry's address", () -> escrow.registry().send());
        return new Deployment(
                chainId, token, escrow.getContractAddress(), registry, epochs.getContractAddress(), block);
    }

    @FunctionalInterface
    private interface Step<T> {
        T take() throws Exception;
    }

    // web3j's calls throw Exception
    private static <T> T sent(String what, Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Expected to deploy " + what + ", but " + e.getMessage(), e);
        }
    }
}
