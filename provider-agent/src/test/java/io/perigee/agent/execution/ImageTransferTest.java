package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.fact.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever befalls one side of the pipe, the other must not wait for it. */
@Timeout(60)
final class ImageTransferTest {
    private final Cancellation cancellation = new Cancellation();

    /** An engine that does with an archive what the test says. */
    @FunctionalInterface
    private interface Loading {
        void load(InputStream archive);
    }

    private static FakeRuntime engine(Loading loading) {
        return new FakeRuntime() {
            @Override
            public void load(InputStream archive) {
                loading.load(archive);
            }
        };
    }

    private static void readAll(InputStream archive) {
        try {
            archive.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sleep() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new EngineException("Interrupted", e);
        }
    }

    @Test
    void shouldNotWaitForAnArchiveWhoseReaderIsGoneByAnError() {
        assertThatThrownBy(() -> ImageTransfer.load(
                        _ -> {
                            throw new StackOverflowError("A fault");
                        },
                        engine(ImageTransferTest::readAll),
                        cancellation))
                .isInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void shouldNotWaitForAnEngineWhoseCallIsGoneByAnError() {
        assertThatThrownBy(() -> ImageTransfer.load(
                        _ -> {},
                        engine(_ -> {
                            throw new StackOverflowError("A fault");
                        }),
                        cancellation))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void shouldLeaveAnEngineThatHangsWhenTheAttemptIsOver() {
        assertThatThrownBy(() -> ImageTransfer.load(
                        _ -> {},
                        engine(_ -> {
                            cancellation.cancel();
                            sleep();
                        }),
                        cancellation))
                .isInstanceOf(Cancellation.Cancelled.class);
    }

    @Test
    void shouldLeaveAnArchiveThatIsReadForEverWhenTheAttemptIsOver() {
        assertThatThrownBy(() -> ImageTransfer.load(
                        _ -> {
                            cancellation.cancel();
                            sleep();
                        },
                        engine(ImageTransferTest::readAll),
                        cancellation))
                .isInstanceOf(Cancellation.Cancelled.class);
    }

    @Test
    void shouldBlameTheArchiveAndNotTheEngineThatGotAHalfOfIt() {
        // given
        var engine = engine(archive -> {
            readAll(archive);
            throw new EngineException("unexpected EOF");
        });

        // when
        var failure = catchThrowableOfType(
                Failure.class,
                () -> ImageTransfer.load(
                        target -> {
                            target.write(1);
                            throw new ImageArchive.BadArchive("Expected a manifest");
                        },
                        engine,
                        cancellation));

        // then
        assertThat(failure.phase().kind()).isEqualTo(FailureKind.BAD_SPEC);
    }
}
