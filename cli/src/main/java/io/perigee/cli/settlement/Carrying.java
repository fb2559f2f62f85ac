package io.perigee.cli.settlement;

import io.perigee.cli.Session;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.cli.ethereum.EpochBook.Post;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Line;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.JobOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up what settled epochs paid of orders. An epoch's file is read once, however many of its orders are asked for. */
final class Carrying {
    private final Session session;
    private final Posts posts;
    private final EpochSource source;
    private final Map<EpochId, Found> known = new HashMap<>();

    Carrying(Session session, Posts posts, EpochSource source) {
        this.session = session;
        this.posts = posts;
        this.source = source;
    }

    /** An epoch that is settled, and its lines. */
    private record Found(Optional<EpochLedger> ledger, String why) {}

    /** How an order stands. */
    sealed interface Standing {
        /** Nothing is in the way of {@code direct}, or nothing that carrying could take away. */
        record Free(String why) implements Standing {}

        /** Its epoch is not settled yet. */
        record Waiting(String why) implements Standing {}

        /** Its epoch is settled, and what it says is not known. */
        record Withheld(String why) implements Standing {}

        /**
         * It may be carried now.
         *
         * @param lines what the epoch paid of it; none when it was left out
         */
        record Ready(EpochLedger ledger, List<Line> lines) implements Standing {
            public Ready {
                lines = List.copyOf(lines);
            }
        }
    }

    EpochId epochOf(JobOrder order) {
        return new EpochId(order.hub(), order.token(), EpochId.numberOf(order.deadline(), posts.window()));
    }

    Standing of(JobOrder order, Digest hash) {
        if (order.direct()) {
            return new Standing.Free("marked direct: no epoch pays it");
        }
        var epochs = session.chain().epochs();
        var id = epochOf(order);
        var state = epochs.state(id);
        if (epochs.free(order, hash)) {
            return new Standing.Free(
                    switch (state) {
                        case SETTLED -> "carried already";
                        case NOTHING, PENDING, FINAL -> "no epoch was settled with it";
                    });
        }
        return switch (state) {
            case NOTHING -> new Standing.Waiting("its epoch may still be posted");
            case PENDING -> new Standing.Waiting("its epoch is not final yet");
            case FINAL -> new Standing.Waiting("first: perigee settlement settle " + id.number());
            case SETTLED -> settled(id, order, hash);
        };
    }

    private Standing settled(EpochId id, JobOrder order, Digest hash) {
        var found = known.computeIfAbsent(id, this::find);
        if (found.ledger().isEmpty()) {
            return new Standing.Withheld(found.why());
        }
        var ledger = found.ledger().get();
        var lines = ledger.stretchOf(order.builder(), hash).lines().stream()
                .filter(line -> line.builder().equals(order.builder())
                        && line.orderHash().equals(hash))
                .toList();
        return new Standing.Ready(ledger, lines);
    }

    private Found find(EpochId id) {
        Optional<Post> post = posts.find(id);
        if (post.isEmpty()) {
            return new Found(Optional.empty(), "no post was found; --settler names one whom the hub had before");
        }
        return switch (source.check(post.get())) {
            case Checked.True(var ledger) -> new Found(Optional.of(ledger), "");
            case Checked.False(var ledger, var _) -> new Found(Optional.of(ledger), "");
            case Checked.Withheld(var why, var _) -> new Found(Optional.empty(), why);
        };
    }

    EpochBook epochs() {
        return session.chain().epochs();
    }
}
