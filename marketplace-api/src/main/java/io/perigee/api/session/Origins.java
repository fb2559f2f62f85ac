package io.perigee.api.session;

import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.id.Origin;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where this hub is reached. A log-in must be signed for one of these: another hub that shows its visitors our challenges
 * gets signatures that name its own origin.
 *
 * <p>They come from the operator alone. What a request says of its host is what the relaying hub says.
 */
@Singleton
public final class Origins {
    private final Supplier<Set<Origin>> accepted;

    @Inject
    Origins(Settings settings, HttpServer server) {
        var configured = settings.api().origins().map(Set::copyOf);
        // the port may be any, which is known when it is bound
        this.accepted = () -> configured.orElseGet(() -> ofThisMachine(server.getPort()));
    }

    private Origins(Set<Origin> accepted) {
        this.accepted = () -> accepted;
    }

    /** These and no others. */
    public static Origins of(Origin... accepted) {
        return new Origins(Set.of(accepted));
    }

    /** Why a log-in that was signed for this origin is none to this hub. */
    public Optional<Rejected> refusal(Origin signed) {
        var ours = accepted.get();
        return ours.contains(signed)
                ? Optional.empty()
                : Optional.of(new Rejected(
                        ErrorCode.WRONG_ORIGIN,
                        "Expected a log-in to %s, where this hub is reached, but it is to '%s'"
                                .formatted(
                                        ours.stream()
                                                .map(origin -> "'" + origin + "'")
                                                .sorted()
                                                .collect(Collectors.joining(" or ")),
                                        signed)));
    }

    private static Set<Origin> ofThisMachine(int port) {
        return Stream.of("localhost", "127.0.0.1", "[::1]")
                .map(host -> Origin.of("http", host, port))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
