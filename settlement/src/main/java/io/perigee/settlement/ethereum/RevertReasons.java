package io.perigee.settlement.ethereum;

import io.perigee.settlement.chain.Revert;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.web3j.abi.CustomErrorEncoder;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.CustomError;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.utils.Numeric;

/** Turns the bytes of a revert into the contract's own error and its values. */
public final class RevertReasons {
    private static final String ERROR_STRING = "0x08c379a0";
    private static final int SELECTOR = 10;

    private final Map<String, CustomError> bySelector = new TreeMap<>();

    public RevertReasons(List<CustomError> errors) {
        for (var error : errors) {
            bySelector.put(CustomErrorEncoder.encode(error).substring(0, SELECTOR), error);
        }
    }

    Revert read(@Nullable String message, @Nullable String quotedData) {
        var data = quotedData == null ? "" : quotedData.replace("\"", "");
        if (data.length() < SELECTOR || !data.startsWith("0x")) {
            return new Revert(Revert.UNKNOWN, String.valueOf(message));
        }
        try {
            return decoded(message, data);
        } catch (RuntimeException fault) {
            // bytes of any contract: what the decoder stumbles over is no reason to stop
            return new Revert(Revert.UNKNOWN, "%s (%s)".formatted(message, data));
        }
    }

    private Revert decoded(@Nullable String message, String data) {
        var selector = data.substring(0, SELECTOR);
        var body = data.substring(SELECTOR);
        if (selector.equals(ERROR_STRING)) {
            var text = FunctionReturnDecoder.decode(body, List.of(asType(TypeReference.create(Utf8String.class))));
            return new Revert(
                    Revert.UNKNOWN,
                    text.isEmpty()
                            ? String.valueOf(message)
                            : text.getFirst().getValue().toString());
        }
        var error = bySelector.get(selector);
        if (error == null) {
            return new Revert(Revert.UNKNOWN, "unknown error " + selector);
        }
        return new Revert(
                error.getName(), error.getName() + values(FunctionReturnDecoder.decode(body, error.getParameters())));
    }

    @SuppressWarnings("rawtypes")
    private static String values(List<Type> values) {
        return values.stream()
                .map(value -> value.getValue() instanceof byte[] bytes
                        ? Numeric.toHexString(bytes)
                        : String.valueOf(value.getValue()))
                .toList()
                .toString()
                .replace('[', '(')
                .replace(']', ')');
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static TypeReference<Type> asType(TypeReference<?> reference) {
        return (TypeReference) reference;
    }
}
