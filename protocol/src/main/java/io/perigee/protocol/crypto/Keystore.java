package io.perigee.protocol.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/** Key files: Web3 Secret Storage version 3 with scrypt, as geth, foundry and web3j read and write them. */
public final class Keystore {
    private static final HexFormat HEX = HexFormat.of();
    private static final int BLOCK = 8;
    /** What a hostile file may make a reader spend: 128·n·r bytes. */
    private static final long MAX_SCRYPT_BYTES = 1L << 29;

    /** How much work guessing a password costs. */
    public enum Strength {
        /** 256 MB and about a second. */
        STANDARD(1 << 18),
        /** 4 MB and a blink: for development, where the password is public anyway. */
        LIGHT(1 << 12);

        private final int n;

        Strength(int n) {
            this.n = n;
        }
    }

    private Keystore() {}

    /** Writes a key as a JSON document, sealed with a password. */
    public static byte[] write(KeyPair key, String password, Strength strength, SecureRandom random) {
        var salt = random(random, 32);
        var iv = random(random, 16);
        var derived = SCrypt.generate(utf8(password), salt, strength.n, BLOCK, 1, 32);
        var ciphertext = cipher(Cipher.ENCRYPT_MODE, derived, iv, key.secret());
        var file = Json.mapper().createObjectNode();
        file.put("version", 3)
                .put("id", UUID.nameUUIDFromBytes(random(random, 16)).toString())
                .put("address", key.address().value().substring(2));
        var crypto = file.putObject("crypto");
        crypto.put("cipher", "aes-128-ctr").put("ciphertext", HEX.formatHex(ciphertext));
        crypto.putObject("cipherparams").put("iv", HEX.formatHex(iv));
        crypto.put("kdf", "scrypt");
        crypto.putObject("kdfparams")
                .put("dklen", 32)
                .put("n", strength.n)
                .put("p", 1)
                .put("r", BLOCK)
                .put("salt", HEX.formatHex(salt));
        crypto.put("mac", HEX.formatHex(mac(derived, ciphertext)));
        return Json.bytes(file);
    }

    /**
     * Opens a key file.
     *
     * @throws InvalidValue when it is no such file, or the password is wrong
     */
    public static KeyPair read(byte[] file, String password) {
        var crypto = section(Json.parse(file));
        var params = crypto.path("kdfparams");
        if (!crypto.path("kdf").asText().equals("scrypt")
                || !crypto.path("cipher").asText().equals("aes-128-ctr")) {
            throw refused("it is not sealed with scrypt and aes-128-ctr");
        }
        var derived = derive(params, password);
        var ciphertext = hex(crypto, "ciphertext", 32);
        if (!MessageDigest.isEqual(mac(derived, ciphertext), hex(crypto, "mac", 32))) {
            throw refused("the password is wrong");
        }
        var secret = cipher(Cipher.DECRYPT_MODE, derived, hex(crypto.path("cipherparams"), "iv", 16), ciphertext);
        return KeyPair.ofSecret(secret);
    }

    private static JsonNode section(JsonNode file) {
        for (var name : new String[] {"crypto", "Crypto"}) {
            if (file.path("version").asInt() == 3 && file.path(name).isObject()) {
                return file.path(name);
            }
        }
        throw refused("it is no Web3 Secret Storage file of version 3");
    }

    private static byte[] derive(JsonNode params, String password) {
        long n = params.path("n").asLong();
        long r = params.path("r").asLong();
        long p = params.path("p").asLong();
        // r = 1 is legal scrypt, but the library refuses it together with a large n, and nobody writes it
        boolean sane = n >= 2 && n <= 1 << 22 && Long.bitCount(n) == 1 && r >= 2 && r <= 64 && p >= 1 && p <= 16;
        if (!sane || 128 * n * r > MAX_SCRYPT_BYTES || params.path("dklen").asInt() != 32) {
            throw refused("its scrypt parameters are outside what is sensible");
        }
        var salt = hex(params, "salt", -1);
        return SCrypt.generate(utf8(password), salt, (int) n, (int) r, (int) p, 32);
    }

    private static byte[] hex(JsonNode node, String name, int length) {
        var text = node.path(name).asText().toLowerCase(Locale.ROOT);
        try {
            var bytes = HEX.parseHex(text);
            if (bytes.length == length || length < 0 && bytes.length >= 8 && bytes.length <= 64) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            throw refused("'%s' is not hexadecimal".formatted(name));
        }
        throw refused("'%s' has the wrong length".formatted(name));
    }

    private static byte[] mac(byte[] derived, byte[] ciphertext) {
        return Keccak256.hash(Arrays.copyOfRange(derived, 16, 32), ciphertext).bytes();
    }

    private static byte[] cipher(int mode, byte[] derived, byte[] iv, byte[] input) {
        try {
            var cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, new SecretKeySpec(derived, 0, 16, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected to run AES-128-CTR, but the JDK refused", e);
        }
    }

    private static byte[] random(SecureRandom random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static InvalidValue refused(String fact) {
        return new InvalidValue("Expected to open a key file, but " + fact);
    }
}
