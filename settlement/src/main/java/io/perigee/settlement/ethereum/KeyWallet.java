package io.perigee.settlement.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Wallet;
import java.math.BigInteger;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** A key in memory, read from a keystore file. Signatures are deterministic (RFC 6979). */
public final class KeyWallet implements Wallet {
    private final Credentials credentials;
    private final Address address;
    private final long chainId;

    public KeyWallet(BigInteger privateKey, long chainId) {
        credentials = Credentials.create(privateKey.toString(16));
        address = Address.parse(credentials.getAddress());
        this.chainId = chainId;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Signed sign(Draft draft) {
        var transaction = RawTransaction.createTransaction(
                chainId,
                BigInteger.valueOf(draft.nonce()),
                BigInteger.valueOf(draft.gasLimit()),
                draft.call().to().value(),
                BigInteger.ZERO,
                Numeric.toHexString(draft.call().data()),
                draft.fees().priority(),
                draft.fees().max());
        var raw = TransactionEncoder.signMessage(transaction, chainId, credentials);
        return new Signed(Digest.of(Hash.sha3(raw)), raw);
    }

    @Override
    public String toString() {
        return "KeyWallet[" + address + "]";
    }
}
