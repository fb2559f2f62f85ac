package io.perigee.devstack.stack;

import io.perigee.contracts.Deployment;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.testkit.chain.Anvil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HexFormat;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.TransactionManager;

/** The development chain with the contracts on it. */
public final class Ledger implements AutoCloseable {
    private static final BigInteger TEN_ETHER = BigInteger.TEN.pow(19);
    /** What the hub's settler stands for its epochs with: ten tokens. */
    private static final BigInteger BOND = BigInteger.valueOf(10_000_000);

    private final Anvil anvil;
    private final Web3j web3j;
    private final Deployment contracts;

    private Ledger(Anvil anvil, Web3j web3j, Deployment contracts) {
        this.anvil = anvil;
        this.web3j = web3j;
        this.contracts = contracts;
    }

    /**
     * Deploys the contracts on a chain without blocks, at once, has the hub appoint its settler and the settler post its
     * bond, and then lets the chain make a block a second.
     */
    static Ledger deploy(Anvil anvil, Duration window, Duration maxOrder, KeyPair hub, KeyPair settler) {
        Web3j web3j = Web3j.build(new HttpService(anvil.url()));
        try {
            var deployer = Credentials.create(Anvil.FUNDED_KEYS.getFirst());
            var contracts = Deployment.deploy(web3j, deployer, window, maxOrder);
            var ledger = new Ledger(anvil, web3j, contracts);
            ledger.openBook(hub, settler);
            anvil.call("evm_setIntervalMining", 1);
            return ledger;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to deploy the contracts, but " + e.getMessage(), e);
        }
    }

    private void openBook(KeyPair hub, KeyPair settler) throws IOException {
        fund(hub.address());
        fund(settler.address());
        var theirs = manager(settler);
        var token = contracts.token(web3j, theirs);
        try {
            token.mint(settler.address().value(), BOND).send();
            token.approve(contracts.escrow(), BOND).send();
            contracts.escrow(web3j, theirs).deposit(contracts.token(), BOND).send();
            contracts
                    .epochs(web3j, manager(hub))
                    .appoint(settler.address().value(), contracts.token())
                    .send();
            contracts
                    .epochs(web3j, theirs)
                    .open(hub.address().value(), contracts.token(), BOND)
                    .send();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // web3j's calls throw Exception
            throw new IOException("Expected to post the settler's bond, but " + e.getMessage(), e);
        }
    }

    private TransactionManager manager(KeyPair key) {
        var credentials = Credentials.create(HexFormat.of().formatHex(key.secret()));
        return Deployment.manager(web3j, credentials, contracts.chainId());
    }

    /** The chain's own time, in epoch seconds. */
    public long time() {
        return Long.decode(anvil.call("eth_getBlockByNumber", "latest", false)
                .path("timestamp")
                .asText());
    }

    /** Moves the chain's time forward to this second, and makes a block there. A time that is past changes nothing. */
    public void forwardTo(long second) {
        long left = second - time();
        if (left > 0) {
            anvil.call("evm_increaseTime", left);
            anvil.call("evm_mine");
        }
    }

    public Anvil anvil() {
        return anvil;
    }

    public Deployment contracts() {
        return contracts;
    }

    public Web3j web3j() {
        return web3j;
    }

    /** Gives an account ten ether for gas. */
    public void fund(Address account) {
        anvil.call("anvil_setBalance", account.value(), "0x" + TEN_ETHER.toString(16));
    }

    @Override
    public void close() {
        web3j.shutdown();
        anvil.close();
    }
}
