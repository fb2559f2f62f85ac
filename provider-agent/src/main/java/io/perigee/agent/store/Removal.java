package io.perigee.agent.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes what a job wrote, whatever it did to keep it: directories nested deeper than a path can be long or a process can
 * hold open, and directories without permissions.
 *
 * <p>Every directory found inside another is first moved up to the top, so that no more than two levels are ever looked at.
 * No link is followed.
 */
final class Removal {
    private static final int AT_ONCE = 1_000;

    private final Path root;
    private long moved;

    private Removal(Path root) {
        this.root = root;
    }

    /** Removes the tree; nothing happens when it is not there. */
    static void of(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(root);
            return;
        }
        new Removal(root).remove();
    }

    private void remove() throws IOException {
        letIn(root);
        while (true) {
            try (var top = JobWritten.open(root)) {
                var directories = clear(top);
                if (directories.isEmpty()) {
                    break;
                }
                for (var directory : directories) {
                    dissolve(top, directory);
                }
            }
        }
        Files.deleteIfExists(root);
    }

    /** Removes files, and names some of the directories; none is left when it names none. */
    private static List<Path> clear(SecureDirectoryStream<Path> top) throws IOException {
        var directories = new ArrayList<Path>();
        var found = top.iterator();
        while (directories.size() < AT_ONCE && found.hasNext()) {
            var name = found.next().getFileName();
            if (isDirectory(top, name)) {
                directories.add(name);
            } else {
                delete(top, name);
            }
        }
        return directories;
    }

    /** Removes one directory of the top; what directories it held are at the top then. */
    private void dissolve(SecureDirectoryStream<Path> top, Path name) throws IOException {
        letIn(root.resolve(name));
        try (var inside = top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (var path : inside) {
                var child = path.getFileName();
                if (isDirectory(inside, child)) {
                    // to leave its place, a directory must be open itself
                    letIn(root.resolve(name).resolve(child));
                    inside.move(child, top, free());
                } else {
                    delete(inside, child);
                }
            }
        }
        top.deleteDirectory(name);
    }

    private Path free() {
        Path name;
        do {
            name = Path.of(".removed-" + moved++);
        } while (Files.exists(root.resolve(name), LinkOption.NOFOLLOW_LINKS));
        return name;
    }

    private static void delete(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        try {
            directory.deleteFile(name);
        } catch (NoSuchFileException e) {
            // gone meanwhile: what was wanted
        }
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        try {
            return directory
                    .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Opens a directory that the job closed; its container is gone, so nobody puts a link in its place meanwhile. */
    private static void letIn(Path directory) throws IOException {
        boolean closed = !Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory);
        if (closed && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
