package io.perigee.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.spec.JobSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables of the fields of records: names, types and what may be absent come from the code, meanings from a text. */
final class FieldTables {
    private static final Map<Class<?>, String> WORDS = Map.ofEntries(
            Map.entry(int.class, "integer"),
            Map.entry(Integer.class, "integer"),
            Map.entry(long.class, "integer"),
            Map.entry(Long.class, "integer"),
            Map.entry(boolean.class, "boolean"),
            Map.entry(String.class, "text"),
            Map.entry(Instant.class, "time"),
            Map.entry(UUID.class, "UUID"),
            Map.entry(JsonNode.class, "any JSON"),
            Map.entry(Address.class, "address"),
            Map.entry(Origin.class, "origin"),
            Map.entry(Amount.class, "amount"),
            Map.entry(ContentId.class, "content id"),
            Map.entry(Decimal.class, "decimal"),
            Map.entry(Digest.class, "digest"),
            Map.entry(JobId.class, "job id"),
            Map.entry(ProviderId.class, "provider id"),
            Map.entry(Signature.class, "signature"),
            Map.entry(Role.class, "integer"),
            Map.entry(JobSpec.class, "[canonical spec](#every-key)"),
            Map.entry(ErrorCode.class, "[error code](#error-codes)"),
            Map.entry(FailureKind.class, "[failure kind](#exit-codes-and-failures)"),
            Map.entry(VerdictRefusal.class, "[reason](#why-a-verdict-is-refused)"),
            Map.entry(AttemptEnd.class, "[attempt end](#ends-of-an-attempt)"),
            Map.entry(Cause.class, "[cause](#ends-of-a-job)"));

    private final Meanings meanings;
    private final Set<Class<?>> mentioned = new java.util.HashSet<>();
    private final Set<Class<?>> shown = new java.util.HashSet<>();

    FieldTables(Meanings meanings) {
        this.meanings = meanings;
    }

    /** The fields of a record, explained in the section of that name. */
    String table(String section, Class<?> type) {
        shown.add(type);
        if (type.getRecordComponents().length == 0) {
            return "No fields.";
        }
        return "| Field | Type | Unit, bound | Meaning |\n| --- | --- | --- | --- |\n"
                + Arrays.stream(type.getRecordComponents())
                        .map(field -> row(section, field))
                        .collect(Collectors.joining("\n"));
    }

    private String row(String section, RecordComponent field) {
        var entry = meanings.of(section, field.getName());
        boolean optional = isOptional(field);
        if (optional != entry.meaning().contains("Absent")) {
            throw new IllegalStateException("Expected '%s' of [%s] to %s, but its meaning is '%s'"
                    .formatted(
                            field.getName(),
                            section,
                            optional ? "say when it is 'Absent'" : "be always there",
                            entry.meaning()));
        }
        return "| `%s` | %s%s | %s | %s |"
                .formatted(
                        field.getName(),
                        word(field.getGenericType()),
                        optional ? ", optional" : "",
                        entry.bound(),
                        entry.meaning());
    }

    /** The fields in one line, for tables that give a record one row: {@code border: integer, outputs?: content id}. */
    String brief(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(field -> "`%s`%s %s"
                        .formatted(field.getName(), isOptional(field) ? "?" : "", word(field.getGenericType())))
                .collect(Collectors.joining(", "));
    }

    /** Records that a table names as a type and that have no table. */
    Set<String> missing() {
        var missing = new TreeSet<String>();
        mentioned.stream().filter(type -> !shown.contains(type)).forEach(type -> missing.add(type.getSimpleName()));
        return missing;
    }

    private String word(Type type) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            return generic.getRawType() == Map.class ? "map of text" : "list of " + word(arguments[0]);
        }
        var plain = (Class<?>) type;
        var word = WORDS.get(plain);
        if (word != null) {
            return word;
        }
        if (plain.isEnum()) {
            return Arrays.stream(plain.getEnumConstants())
                    .map(constant -> "`%s`"
                            .formatted(io.perigee.protocol.codec.Json.tree(constant)
                                    .asText()))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        mentioned.add(plain);
        return "[%s](#%s)"
                .formatted(plain.getSimpleName(), plain.getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }

    private static boolean isOptional(RecordComponent field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
