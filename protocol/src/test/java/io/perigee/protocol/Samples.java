package io.perigee.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.id.Uuid7;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a random instance of any record of the protocol, by its types alone; the same seed makes the same instance. */
public final class Samples {
    private final Random random;
    private final Deque<Class<?>> within = new ArrayDeque<>();

    public Samples(long seed) {
        this.random = new Random(seed);
    }

    public <T> T of(Class<T> type) {
        return type.cast(value(type));
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType generic) {
            int size = random.nextInt(3);
            var arguments = generic.getActualTypeArguments();
            return generic.getRawType() == Map.class
                    ? Map.of("key" + size, value(arguments[1]))
                    : IntStream.range(0, size)
                            .mapToObj(_ -> value(arguments[0]))
                            .toList();
        }
        return simple((Class<?>) type);
    }

    private Object simple(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return random.nextInt(200);
        }
        if (type == long.class || type == Long.class) {
            return random.nextLong(1L << 53);
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == String.class) {
            return "text " + random.nextInt(1000) + " é\"\n\u2028";
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(1_790_000_000L + random.nextInt(1_000_000), random.nextInt(1_000_000_000));
        }
        if (type == UUID.class) {
            return new UUID(random.nextLong(), random.nextLong());
        }
        if (type == JsonNode.class) {
            return Json.mapper().createObjectNode().put("a", random.nextInt());
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        }
        return named(type);
    }

    private Object named(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "Digest" -> Digest.of(bytes(32));
            case "ProviderId" -> ProviderId.of(bytes(32));
            case "ContentId" -> ContentId.of(bytes(32));
            case "Address" -> Address.of(bytes(20));
            case "Signature" -> Signature.of(bytes(65));
            case "Origin" -> Origin.parse("https://hub-%d.example.org".formatted(random.nextInt(100)));
            case "Amount" -> new Amount(new BigInteger(1 + random.nextInt(256), random));
            case "Decimal" -> Decimal.of(new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(12)));
            case "JobId" -> new JobId(Uuid7.of(Instant.ofEpochMilli(random.nextLong(1L << 47)), bytes(10)));
            default -> record(type);
        };
    }

    private Object record(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException("Expected a record, but got " + type);
        }
        var components = type.getRecordComponents();
        var values = new Object[components.length];
        within.push(type);
        for (int i = 0; i < components.length; i++) {
            values[i] = isAbsent(components[i]) ? null : value(components[i].getGenericType());
        }
        within.pop();
        try {
            var constructor = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isAbsent(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                && (random.nextBoolean() || isInside(component));
    }

    /** What holds others of its own kind holds none inside those. */
    private boolean isInside(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType generic
                && List.of(generic.getActualTypeArguments()).contains(component.getDeclaringRecord())
                && Collections.frequency(within, component.getDeclaringRecord()) > 1;
    }

    public byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public Body body(Class<? extends Body> type) {
        return of(type);
    }
}
