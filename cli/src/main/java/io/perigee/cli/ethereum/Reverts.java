package io.perigee.cli.ethereum;

import io.perigee.contracts.Court;
import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.contracts.Evidence;
import io.perigee.contracts.ProviderRegistry;
import io.perigee.contracts.TestToken;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.web3j.abi.CustomErrorEncoder;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.datatypes.CustomError;
import org.web3j.abi.datatypes.Type;
import org.web3j.utils.Numeric;

/** Says a contract's refusal in its own words: "InsufficientBalance(0x…, 5, 10)". */
final class Reverts {
    private static final int SELECTOR = 10;
    private static final Map<String, CustomError> ERRORS = errors();

    private Reverts() {}

    static String describe(String message, @Nullable String quoted) {
        var data = quoted == null ? "" : quoted.replace("\"", "");
        if (data.length() < SELECTOR) {
            return message;
        }
        var error = ERRORS.get(data.substring(0, SELECTOR));
        return error == null
                ? message
                : error.getName()
                        + values(FunctionReturnDecoder.decode(data.substring(SELECTOR), error.getParameters()));
    }

    @SuppressWarnings("rawtypes")
    private static String values(List<Type> values) {
        return values.stream()
                .map(value -> value.getValue() instanceof byte[] bytes ? Numeric.toHexString(bytes) : value.toString())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Map<String, CustomError> errors() {
        var errors = new TreeMap<String, CustomError>();
        Stream.of(Court.class, Epochs.class, Escrow.class, Evidence.class, ProviderRegistry.class, TestToken.class)
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == CustomError.class)
                .forEach(field -> {
                    try {
                        var error = (CustomError) field.get(null);
                        errors.put(CustomErrorEncoder.encode(error).substring(0, SELECTOR), error);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                });
        return errors;
    }
}
