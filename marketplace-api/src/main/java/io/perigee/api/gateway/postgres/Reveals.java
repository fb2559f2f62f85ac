package io.perigee.api.gateway.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The files behind an opening or a checkpoint: they must be here, the provider's own, and what the opening says. */
final class Reveals {
    /** A checkpoint, as the container contract names its files; sorted, for people. */
    private static final SortedSet<String> FILES =
            new TreeSet<>(List.of("adapter.safetensors", "metrics.jsonl", "optimizer.safetensors", "state.json"));

    private Reveals() {}

    /** Why they are not, if so. */
    static Optional<Rejected> refusal(Tx tx, ProviderId provider, AgentMessage.Reveal reveal) {
        var outputs = reveal.outputs();
        var checkpoint = reveal.checkpoint();
        if (outputs != null && !uploaded(tx, provider, outputs)) {
            return missing("outputs", outputs);
        }
        if (checkpoint != null) {
            if (!uploaded(tx, provider, checkpoint)) {
                return missing("checkpoint", checkpoint);
            }
            var files = files(tx, checkpoint);
            var wrong = reveal.segments().isEmpty()
                    ? Optional.<Rejected>empty()
                    : wrong(files, reveal.segments().getLast())
                            .or(() -> whole(files, reveal.segments().getLast()));
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    /** Others start from the checkpoint of a part, and builders from that of a run: it is all that a border has, and nothing else. */
    private static Optional<Rejected> whole(Map<String, String> files, SegmentHashes segment) {
        return others(files, segment.border())
                .or(() -> wrong(files, "metrics.jsonl", segment.metrics(), segment.border()));
    }

    private static Optional<Rejected> others(Map<String, String> files, int border) {
        return files.keySet().equals(FILES)
                ? Optional.empty()
                : Optional.of(new Rejected(
                        ErrorCode.BAD_OPENING,
                        "Expected the checkpoint of border %d to hold %s, but it holds other files"
                                .formatted(border, String.join(", ", FILES))));
    }

    /**
     * Why a served checkpoint is none, if so. Auditors start from it, so it must be the four files of the container
     * contract and no other, and, as soon as the provider has opened them, those of the leaf.
     */
    static Optional<Rejected> refusal(Tx tx, ProviderId provider, AgentMessage.Checkpoint served) {
        if (!uploaded(tx, provider, served.checkpoint())) {
            return missing("checkpoint", served.checkpoint());
        }
        var files = files(tx, served.checkpoint());
        var others = others(files, served.border());
        if (others.isPresent()) {
            return others;
        }
        return segments(tx, served.assignmentHash()).stream()
                .filter(segment -> segment.border() == served.border())
                .findFirst()
                .flatMap(segment -> wrong(files, segment)
                        .or(() -> wrong(files, "metrics.jsonl", segment.metrics(), segment.border())));
    }

    /** The leaves that the provider has opened; none before it has. */
    private static List<SegmentHashes> segments(Tx tx, Digest assignmentHash) {
        return tx.queryOne("select segments from attempt where assignment_hash = $1", assignmentHash.value())
                .flatMap(row -> row.optionalString("segments"))
                .map(text -> List.of(Json.read(text, SegmentHashes[].class)))
                .orElse(List.of());
    }

    private static Map<String, String> files(Tx tx, ContentId manifest) {
        return tx
                .query("select path, file from manifest_entry where manifest = $1 limit 100", manifest.value())
                .stream()
                .collect(Collectors.toMap(row -> row.string("path"), row -> row.string("file")));
    }

    private static boolean uploaded(Tx tx, ProviderId provider, ContentId manifest) {
        return tx.queryOne(
                        "select 1 as one from artifact_grant where artifact = $1 and subject = $2 and opens",
                        manifest.value(),
                        provider.value())
                .isPresent();
    }

    /** The checkpoint must hold the files whose hashes are in the leaf of its border. */
    private static Optional<Rejected> wrong(Map<String, String> files, SegmentHashes border) {
        return wrong(files, "adapter.safetensors", border.adapter(), border.border())
                .or(() -> wrong(files, "optimizer.safetensors", border.optimizer(), border.border()))
                .or(() -> wrong(files, "state.json", border.state(), border.border()));
    }

    private static Optional<Rejected> wrong(Map<String, String> files, String name, ContentId expected, int border) {
        return expected.value().equals(files.get(name))
                ? Optional.empty()
                : Optional.of(new Rejected(
                        ErrorCode.BAD_OPENING,
                        "Expected '%s' of the checkpoint to be '%s' as border %d says, but it is '%s'"
                                .formatted(name, expected, border, files.get(name))));
    }

    private static Optional<Rejected> missing(String what, ContentId id) {
        return Optional.of(new Rejected(
                ErrorCode.ARTIFACT_MISSING,
                "Expected to find the manifest '%s' of the %s, but this provider has not uploaded it"
                        .formatted(id, what)));
    }
}
