package io.perigee.contracts;

import io.perigee.protocol.id.Signature;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.web3j.abi.TypeEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/** EIP-712 by hand, for messages whose fields are all one word long. */
record TypedData(long chainId, String escrow) {

    byte[] digest(String typeString, Type<?>... fields) {
        byte[] prefix = {0x19, 0x01};
        return Hash.sha3(joined(prefix, separator(), structHash(typeString, fields)));
    }

    /** 65 bytes: r, s, v. */
    static Signature sign(ECKeyPair key, byte[] digest) {
        Sign.SignatureData signature = Sign.signMessage(digest, key, false);
        return Signature.of(joined(signature.getR(), signature.getS(), signature.getV()));
    }

    static byte[] structHash(String typeString, Type<?>... fields) {
        return Hash.sha3(joined(keccak(typeString), words(fields)));
    }

    static byte[] words(Type<?>... fields) {
        byte[][] words = Arrays.stream(fields)
                .map(field -> Numeric.hexStringToByteArray(TypeEncoder.encode(field)))
                .toArray(byte[][]::new);
        return joined(words);
    }

    static byte[] keccak(String text) {
        return Hash.sha3(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] separator() {
        return structHash(
                "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
                new Bytes32(keccak("Perigee")),
                new Bytes32(keccak("1")),
                new Uint256(BigInteger.valueOf(chainId)),
                new Address(escrow));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
