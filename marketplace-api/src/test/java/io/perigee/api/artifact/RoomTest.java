package io.perigee.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.api.artifact.filesystem.FilesystemArtifactStore;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.Caller;
import io.perigee.api.settings.SampleSettings;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoomTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Caller BUILDER = new Caller.Builder(Parties.BUILDER.address());
    private static final Caller PROVIDER =
            new Caller.Agent(SampleProvider.of("p").id());

    @TempDir
    Path dir;

    private final UUID one = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();
    private long disk = 20 * MEBIBYTE;
    private ArtifactStore store;
    private Room room;

    @BeforeEach
    void create() throws IOException {
        store = new PassingStore(new FilesystemArtifactStore(dir)) {
            @Override
            public long room() throws IOException {
                return disk - received(one) - received(other);
            }
        };
        room = new Room(
                store,
                SampleSettings.of(
                        "perigee.api.artifacts.reserve", "4M", "perigee.api.artifacts.builder-reserve", "6M"));
    }

    @Test
    void shouldKeepTheReserveWhereTwoSendWhatThereIsRoomForOnce() throws Exception {
        // given
        long each = 12 * MEBIBYTE;
        room.mustHave(PROVIDER, each);
        room.mustHave(PROVIDER, each);

        // when
        var refused = new ArrayList<Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = threads.submit(sending(one, each));
            Future<?> second = threads.submit(sending(other, each));
            for (var sent : new Future<?>[] {first, second}) {
                try {
                    sent.get();
                } catch (ExecutionException e) {
                    refused.add(e.getCause());
                }
            }
        }

        // then: all but what comes between two looks, and what came is kept
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(why -> assertThat(((Refused) why).rejected().code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(store.room()).isBetween(2 * MEBIBYTE, 6 * MEBIBYTE);
        assertThat(store.received(one)).isPositive();
        assertThat(store.received(other)).isPositive();
    }

    @Test
    void shouldLeaveMoreToProvidersThanToBuilders() throws IOException {
        // given
        disk = 10 * MEBIBYTE;

        // when
        room.mustHave(PROVIDER, 6 * MEBIBYTE);
        room.mustHave(BUILDER, 4 * MEBIBYTE);

        // then
        assertThatThrownBy(() -> room.mustHave(BUILDER, 4 * MEBIBYTE + 1))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("keeps 6291456 of them");
        assertThatThrownBy(() -> room.mustHave(PROVIDER, 6 * MEBIBYTE + 1)).isInstanceOf(Refused.class);
    }

    private Callable<ArtifactStore.Appended> sending(UUID upload, long size) {
        return () ->
                store.append(upload, 0, size, room.within(PROVIDER, new ByteArrayInputStream(new byte[(int) size])));
    }
}
