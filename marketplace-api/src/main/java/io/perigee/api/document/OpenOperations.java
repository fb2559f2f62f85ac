package io.perigee.api.document;

import io.perigee.api.session.Anonymous;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;

/** The requests that need no session: of every method that is marked {@link Anonymous}, as the front door itself looks at it. */
final class OpenOperations {
    private static final DotName ANONYMOUS = DotName.createSimple(Anonymous.class);
    private static final DotName PATH = DotName.createSimple("jakarta.ws.rs.Path");
    private static final List<String> METHODS =
            Stream.of(PathItem.HttpMethod.values()).map(Enum::name).toList();

    private OpenOperations() {}

    /** As {@code GET /api/v1/hub}. */
    static Set<String> of(IndexView index) {
        return index.getAnnotations(ANONYMOUS).stream()
                .map(mark -> mark.target().asMethod())
                .flatMap(OpenOperations::requests)
                .collect(Collectors.toSet());
    }

    private static Stream<String> requests(MethodInfo method) {
        var path = path(method.declaringClass()) + path(method);
        return METHODS.stream()
                .filter(name -> method.hasDeclaredAnnotation(DotName.createSimple("jakarta.ws.rs." + name)))
                .map(name -> name + " " + path);
    }

    private static String path(AnnotationTarget target) {
        var path = target.declaredAnnotation(PATH);
        return path == null ? "" : path.value().asString();
    }
}
