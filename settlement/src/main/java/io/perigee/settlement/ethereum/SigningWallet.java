package io.perigee.settlement.ethereum;

import io.perigee.eventlog.key.Signer;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Wallet;
import java.math.BigInteger;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** Makes transactions that a signer signs: a key file's key in this process, or a remote signer's. */
public final class SigningWallet implements Wallet {
    private final Signer signer;
    private final long chainId;

    public SigningWallet(Signer signer, long chainId) {
        this.signer = signer;
        this.chainId = chainId;
    }

    @Override
    public Address address() {
        return signer.address();
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
        var signature = signer.sign(TransactionEncoder.encode(transaction));
        var raw = TransactionEncoder.encode(
                transaction, new Sign.SignatureData((byte) signature.v(), signature.r(), signature.s()));
        return new Signed(Digest.of(Hash.sha3(raw)), raw);
    }

    @Override
    public String toString() {
        return "SigningWallet[" + signer.address() + "]";
    }
}
