package io.perigee.api.document;

import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.spec.JobSpec;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * Makes the generated document say what the JSON really is: values are texts of a form, what is not nullable is there,
 * unknown keys are refused, and every refusal is a problem document.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class DocumentFilter implements OASFilter {
    private static final String BEARER = "bearer";
    private static final String PROBLEM = "Problem";

    private static final Map<String, String> FORMS = Map.of(
            "Address", "^0x[0-9a-fA-F]{40}$",
            "Amount", "^(0|[1-9][0-9]{0,77})$",
            "ContentId", "^sha256:[0-9a-f]{64}$",
            "Decimal", "^-?[0-9]+(\\.[0-9]+)?$",
            "Digest", "^0x[0-9a-f]{64}$",
            "JobId", "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            "Origin", "^https?://[a-z0-9.\\[\\]:-]+$",
            "ProviderId", "^0x[0-9a-f]{64}$",
            "Signature", "^0x[0-9a-f]{130}$");

    private static final List<Class<?>> NEIGHBOURS = List.of(
            HubInfo.class, Assignment.class, JobSpec.class, Offer.class, Bundle.class, ContentId.class, JobFact.class);

    private final Set<String> open;

    /** The build hands its index of the classes to the constructor that takes one. */
    public DocumentFilter(IndexView index) {
        open = OpenOperations.of(index);
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        var components = document.getComponents();
        var schemas = new TreeMap<>(components.getSchemas());
        FORMS.forEach((name, form) -> schemas.put(name, text(form)));
        schemas.put("JsonNode", OASFactory.createSchema().description("Any JSON"));
        schemas.remove("JsonNodeType");
        schemas.put("Violation", violation());
        schemas.put(PROBLEM, problem());
        schemas.forEach((name, schema) -> type(name).ifPresent(type -> strict(schema, type)));
        components.setSchemas(schemas);
        components.addSecurityScheme(
                BEARER,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("The token of POST /api/v1/sessions"));
        var left = new TreeSet<>(open);
        document.getPaths().getPathItems().forEach((path, item) -> item.getOperations()
                .forEach((method, operation) -> describe(operation, left.remove(method + " " + path))));
        if (!left.isEmpty()) {
            throw new IllegalStateException(
                    "Expected to describe every open request, but these are not in the document: " + left);
        }
    }

    private static void describe(Operation operation, boolean open) {
        var responses = operation.getResponses();
        responses.removeAPIResponse("400");
        responses.addAPIResponse("default", refusal());
        if (!open) {
            operation.addSecurityRequirement(
                    OASFactory.createSecurityRequirement().addScheme(BEARER));
        }
    }

    private static APIResponse refusal() {
        return OASFactory.createAPIResponse()
                .description("Any refusal (RFC 9457)")
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType().schema(reference(PROBLEM))));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .addProperty("type", text(null))
                .addProperty("title", text(null))
                .addProperty("status", number())
                .addProperty("code", text(null))
                .addProperty("detail", text(null))
                .addProperty("hint", text(null))
                .addProperty("retryable", OASFactory.createSchema().addType(SchemaType.BOOLEAN))
                .addProperty("traceId", text("^[0-9a-f]{32}$"))
                .addProperty(
                        "violations",
                        OASFactory.createSchema().addType(SchemaType.ARRAY).items(reference("Violation")));
    }

    private static Schema violation() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .addProperty("path", text(null))
                .addProperty("expected", text(null))
                .addProperty("actual", text(null))
                .addProperty("hint", text(null));
    }

    private static Schema reference(String name) {
        return OASFactory.createSchema().ref("#/components/schemas/" + name);
    }

    private static Schema text(@Nullable String form) {
        var schema = OASFactory.createSchema().addType(SchemaType.STRING);
        return form == null ? schema : schema.pattern(form);
    }

    private static Schema number() {
        return OASFactory.createSchema().addType(SchemaType.INTEGER).format("int32");
    }

    /** What the types say about null, and that JSON knows no other keys. */
    private static void strict(Schema schema, Class<?> type) {
        schema.setRequired(Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .map(java.lang.reflect.RecordComponent::getName)
                .toList());
        schema.setAdditionalPropertiesBoolean(false);
    }

    /** The protocol's record of this name, unless it is written as a plain text. */
    private static Optional<Class<?>> type(String name) {
        if (FORMS.containsKey(name)) {
            return Optional.empty();
        }
        return NEIGHBOURS.stream()
                .flatMap(neighbour ->
                        Stream.of(neighbour.getPackageName() + "." + name, JobSpec.class.getName() + "$" + name))
                .flatMap(className -> load(className).stream())
                .filter(Class::isRecord)
                .findFirst();
    }

    private static Optional<Class<?>> load(String className) {
        try {
            return Optional.of(Class.forName(className, false, DocumentFilter.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }
}
