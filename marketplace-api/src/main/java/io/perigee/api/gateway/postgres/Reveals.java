package io.perigee.api.gateway.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.result.SegmentHashes;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The files behind an opening: they must be here, the provider's own, and what the opening says. */
final class Reveals {
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
            var wrong = reveal.segments().isEmpty()
                    ? Optional.<Rejected>empty()
                    : wrong(tx, checkpoint, reveal.segments().getLast());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static boolean uploaded(Tx tx, ProviderId provider, ContentId manifest) {
        return tx.queryOne(
                        "select 1 as one from artifact_grant where artifact = $1 and subject = $2 and opens",
                        manifest.value(),
                        provider.value())
                .isPresent();
    }

    /** The checkpoint must hold the files whose hashes are in the leaf of its border. */
    private static Optional<Rejected> wrong(Tx tx, ContentId checkpoint, SegmentHashes border) {
        var files = tx
                .query("select path, file from manifest_entry where manifest = $1 limit 100", checkpoint.value())
                .stream()
                .collect(Collectors.toMap(row -> row.string("path"), row -> row.string("file")));
        var expected = Map.of(
                "adapter.safetensors", border.adapter(),
                "optimizer.safetensors", border.optimizer(),
                "state.json", border.state());
        return expected.entrySet().stream()
                .filter(file -> !file.getValue().value().equals(files.get(file.getKey())))
                .findFirst()
                .map(file -> new Rejected(
                        ErrorCode.BAD_OPENING,
                        "Expected '%s' of the checkpoint to be '%s' as border %d says, but it is '%s'"
                                .formatted(file.getKey(), file.getValue(), border.border(), files.get(file.getKey()))));
    }

    private static Optional<Rejected> missing(String what, ContentId id) {
        return Optional.of(new Rejected(
                ErrorCode.ARTIFACT_MISSING,
                "Expected to find the manifest '%s' of the %s, but this provider has not uploaded it"
                        .formatted(id, what)));
    }
}
