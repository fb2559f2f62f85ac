package io.perigee.agent.testing;

import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** Real training: the quickstart's base and dataset by the strict trainer, five segments of eight steps. */
public final class Quickstart {
    public static final int BORDERS = 5;
    public static final int STEPS_PER_SEGMENT = 8;

    private static final Path EXAMPLE = Path.of("..", "examples", "quickstart");

    private Quickstart() {}

    /**
     * The work, with all that it needs at the hub.
     *
     * @param scratch for the image's archive
     */
    public static AWork at(FakeHub hub, Parties parties, Path scratch) throws IOException {
        var image = StrictImage.in(scratch);
        hub.store(image);
        return AWork.of(parties)
                .image(image)
                .base(directory(hub, EXAMPLE.resolve("base")))
                .dataset(directory(hub, EXAMPLE.resolve("dataset")))
                .borders(BORDERS)
                .memory(1_000_000_000)
                .disk(500_000_000)
                .runSeconds(600)
                .leaseSeconds(1_200)
                .audited();
    }

    private static ContentId directory(FakeHub hub, Path of) throws IOException {
        var entries = new ArrayList<FileEntry>();
        try (var files = Files.list(of)) {
            for (var file : files.sorted().toList()) {
                var bytes = Files.readAllBytes(file);
                hub.store(bytes);
                entries.add(new FileEntry(file.getFileName().toString(), bytes.length, Sha256.of(bytes)));
            }
        }
        return hub.store(new Manifest(entries).bytes());
    }
}
