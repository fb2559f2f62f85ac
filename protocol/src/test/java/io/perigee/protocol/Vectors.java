package io.perigee.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.HexFormat;

/** The shared vectors, made by viem and OpenZeppelin's library without any of this project's code. */
public final class Vectors {
    private Vectors() {}

    public static JsonNode read(String name) {
        try (var in = Vectors.class.getResourceAsStream("/vectors/" + name + ".json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asText().substring(2));
    }

    public static BigInteger number(JsonNode node) {
        return new BigInteger(node.asText());
    }
}
