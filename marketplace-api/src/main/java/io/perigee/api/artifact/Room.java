package io.perigee.api.artifact;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.Caller;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Keeps some of the store's disk free: a full one would stop more than uploads. Builders, whom it costs nothing to come, leave
 * more of it than providers, who are paid only when their results find room. Refuses by throwing.
 */
@Singleton
final class Room {
    /** What comes on one connection between two looks at the disk. */
    private static final long LOOK_EVERY = 1 << 20;

    private final ArtifactStore store;
    private final Settings.Artifacts settings;

    Room(ArtifactStore store, Settings settings) {
        this.store = store;
        this.settings = settings.api().artifacts();
    }

    void mustHave(Caller caller, long bytes) throws IOException {
        long free = store.room();
        long kept = kept(caller);
        if (bytes > free - kept) {
            throw new Refused(
                    ErrorCode.UNAVAILABLE,
                    "Expected room for %d bytes more, but the disk of the hub's store has %d free and keeps %d of them; its operator must free some"
                            .formatted(bytes, free, kept));
        }
    }

    private long kept(Caller caller) {
        long reserve = settings.reserve().asLongValue();
        return switch (caller) {
            case Caller.Builder _ -> Math.max(reserve, settings.builderReserve().asLongValue());
            case Caller.Agent _ -> reserve;
        };
    }

    /** The same bytes, until there is no room for more: others may send meanwhile what there was room for when this began. */
    InputStream within(Caller caller, InputStream bytes) {
        return new FilterInputStream(bytes) {
            private long unlooked;

            @Override
            public int read() throws IOException {
                look(1);
                return super.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                look(length);
                return super.read(target, offset, length);
            }

            private void look(int coming) throws IOException {
                unlooked += coming;
                if (unlooked >= LOOK_EVERY) {
                    mustHave(caller, coming);
                    unlooked = 0;
                }
            }
        };
    }
}
