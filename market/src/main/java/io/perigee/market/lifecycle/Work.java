package io.perigee.market.lifecycle;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one attempt has signed, sealed and opened.
 *
 * @param receipts in growing borders
 * @param openings at most one a border
 * @param checkpoints uploaded, by border
 */
public record Work(
        Signature acceptance, List<Receipted> receipts, List<Opened> openings, Map<Integer, ContentId> checkpoints) {

    /** A commitment with the hub's receipt. */
    public record Receipted(
            Commitment commitment, Signature commitmentSignature, Receipt receipt, Signature receiptSignature) {
        public int border() {
            return commitment.toBorder();
        }
    }

    /** A seal, opened. */
    public record Opened(int border, Opening opening, List<SegmentHashes> segments) {
        public Opened {
            segments = List.copyOf(segments);
        }
    }

    public Work {
        receipts = List.copyOf(receipts);
        openings = List.copyOf(openings);
        checkpoints = Map.copyOf(checkpoints);
    }

    static Work taken(Signature acceptance) {
        return new Work(acceptance, List.of(), List.of(), Map.of());
    }

    Work with(Receipted receipted) {
        var more = new ArrayList<>(receipts);
        more.add(receipted);
        return new Work(acceptance, more, openings, checkpoints);
    }

    Work with(Opened opened) {
        var more = new ArrayList<>(openings);
        more.add(opened);
        return new Work(acceptance, receipts, more, checkpoints);
    }

    Work serving(int border, ContentId checkpoint) {
        var more = new HashMap<>(checkpoints);
        more.put(border, checkpoint);
        return new Work(acceptance, receipts, openings, more);
    }

    /** The last border receipted; empty while nothing is sealed. */
    public Optional<Integer> sealedTo() {
        return receipts.isEmpty()
                ? Optional.empty()
                : Optional.of(receipts.getLast().border());
    }

    public Optional<Receipted> receiptAt(int border) {
        return receipts.stream()
                .filter(receipted -> receipted.border() == border)
                .findFirst();
    }

    public Optional<Opened> openingAt(int border) {
        return openings.stream().filter(opened -> opened.border() == border).findFirst();
    }

    SortedSet<Integer> sealedBorders() {
        var borders = new TreeSet<Integer>();
        receipts.forEach(receipted -> borders.add(receipted.border()));
        return borders;
    }

    Map<Integer, Opening> opened() {
        return openings.stream().collect(Collectors.toMap(Opened::border, Opened::opening));
    }

    /** The segments of the widest opening; empty while nothing is open. */
    List<SegmentHashes> leaves() {
        return openings.stream()
                .map(Opened::segments)
                .max((one, other) -> Integer.compare(one.size(), other.size()))
                .orElse(List.of());
    }
}
