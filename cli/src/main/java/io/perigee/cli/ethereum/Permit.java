package io.perigee.cli.ethereum;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.AbiWords;
import java.nio.charset.StandardCharsets;

/**
 * ERC-2612: lets a contract take so much, by a signature instead of a transaction.
 *
 * @param nonce the token's count of the owner's permits
 * @param deadline epoch seconds
 */
record Permit(Address owner, Address spender, Amount value, Amount nonce, long deadline) {
    private static final Digest TYPE =
            keccak("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    private static final Digest DOMAIN =
            keccak("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    Signature sign(KeyPair wallet, String tokenName, String tokenVersion, long chainId, Address token) {
        var separator = new AbiWords()
                .digest(DOMAIN)
                .digest(keccak(tokenName))
                .digest(keccak(tokenVersion))
                .number(chainId)
                .address(token)
                .keccak();
        var struct = new AbiWords()
                .digest(TYPE)
                .address(owner)
                .address(spender)
                .amount(value)
                .amount(nonce)
                .number(deadline)
                .keccak();
        return wallet.sign(Keccak256.hash(new byte[] {0x19, 0x01}, separator.bytes(), struct.bytes()));
    }

    private static Digest keccak(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
    }
}
