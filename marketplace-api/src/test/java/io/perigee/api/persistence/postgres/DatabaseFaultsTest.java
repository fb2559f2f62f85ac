package io.perigee.api.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.core.file.FileSystemException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseFaultsTest {

    @ParameterizedTest
    @MethodSource
    void shouldKnowWhatTheDriverThrows(Throwable thrown) {
        assertThat(DatabaseFaults.isAway(thrown)).isTrue();
        assertThat(DatabaseFaults.isAway(new CompletionException(thrown))).isTrue();
    }

    static Stream<Throwable> shouldKnowWhatTheDriverThrows() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new UnknownHostException("postgres"),
                ClosedConnectionException.INSTANCE,
                new ConnectionPoolTooBusyException("Connection pool reached max wait queue size of 100"),
                new VertxException(
                        "Pending requests failed to be sent due to connection has been closed.",
                        new SocketException("Connection reset")),
                new NoStackTraceThrowable("Pending requests failed to be sent due to connection has been closed."),
                fault("57014"),
                fault("57P01"),
                fault("53300"));
    }

    @ParameterizedTest
    @MethodSource
    void shouldNotTakeOthersFaultsForTheDatabases(Throwable thrown) {
        assertThat(DatabaseFaults.isAway(thrown)).isFalse();
        assertThat(DatabaseFaults.isAway(new CompletionException(thrown))).isFalse();
    }

    static Stream<Throwable> shouldNotTakeOthersFaultsForTheDatabases() {
        return Stream.of(
                new IOException("No space left on device"),
                new NoSuchFileException("/var/lib/perigee/artifacts/x"),
                new SocketException("Connection reset"),
                new FileSystemException("Unable to open file"),
                new HttpClosedException("Connection was closed"),
                fault("23505"),
                new IllegalStateException("a bug"));
    }

    private static PgException fault(String state) {
        return new PgException("fault", "ERROR", state, "");
    }
}
