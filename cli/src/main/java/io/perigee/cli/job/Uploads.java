package io.perigee.cli.job;

import io.perigee.cli.Session;
import io.perigee.cli.artifact.TransferLine;
import io.perigee.protocol.id.ContentId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The local inputs of one run's jobs: each is uploaded once, however many jobs name it. */
final class Uploads {
    private final Session session;
    private final Map<Path, ContentId> directories = new HashMap<>();
    private final Map<Path, ContentId> files = new HashMap<>();

    Uploads(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }

    /** Uploads what the hub does not have of it. */
    ContentId directory(String what, Path path) {
        var known = directories.get(path);
        if (known != null) {
            return known;
        }
        try (var line = new TransferLine(session, what)) {
            var id = session.uploads().uploadDirectory(path, line);
            line.done();
            directories.put(path, id);
            return id;
        }
    }

    /** The same of one file as it is. */
    ContentId file(String what, Path path) {
        var known = files.get(path);
        if (known != null) {
            return known;
        }
        try (var line = new TransferLine(session, what)) {
            var id = session.uploads().uploadFile(path, line);
            line.done();
            files.put(path, id);
            return id;
        }
    }
}
