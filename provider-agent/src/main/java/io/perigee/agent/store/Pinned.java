package io.perigee.agent.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Something a job may have written, held itself and not by its name (O_PATH): a link is not followed, a pipe is not waited
 * for, and what is opened afterwards is what was looked at, whatever the job puts in its place meanwhile.
 *
 * <p>Java's own open cannot do this: it looks at a name and then opens what has it by then, and of a pipe it never returns.
 */
@SuppressWarnings("restricted")
final class Pinned implements AutoCloseable {
    private static final int O_PATH = 0x20_0000;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int O_NOFOLLOW = System.getProperty("os.arch", "").equals("aarch64") ? 0x8000 : 0x2_0000;
    private static final int O_NONBLOCK = 0x800;
    private static final int ENOENT = 2;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;
    private final String shown;

    private Pinned(int descriptor, String shown) {
        this.descriptor = descriptor;
        this.shown = shown;
    }

    /** Only the last name may be a job's: links before it are followed. */
    static Pinned of(Path path) throws IOException {
        return open(path, String.valueOf(path.getFileName()));
    }

    /** What has that one name in this directory; its bytes count, whether or not they are text. */
    Pinned child(Path name) throws IOException {
        return open(itself().resolve(name), name.toString());
    }

    /** What has that name, in UTF-8 whatever the locale, in this directory. */
    Pinned child(String name) throws IOException {
        return open((itself() + "/" + name).getBytes(StandardCharsets.UTF_8), name);
    }

    BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(itself(), BasicFileAttributes.class);
    }

    SecureDirectoryStream<Path> list() throws IOException {
        if (!attributes().isDirectory()) {
            throw new NotDirectoryException(shown);
        }
        DirectoryStream<Path> stream = Files.newDirectoryStream(itself());
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IllegalStateException(
                "Expected '%s' to be on a file system with openat, but it is not (Linux is needed)".formatted(shown));
    }

    /**
     * Never waits: who holds a lease on a file keeps all others from opening it for as long as the system bears with it.
     *
     * @throws JobWritten.Unacceptable where it is no regular file, or one that the job has a lease on
     */
    SeekableByteChannel read() throws IOException {
        if (!attributes().isRegularFile()) {
            throw new JobWritten.Unacceptable(
                    "Expected '%s' to be a regular file, but it is a link or a special file".formatted(shown));
        }
        int held = descriptor(RawName.of(itself()), shown, O_NONBLOCK | O_CLOEXEC);
        try {
            // while it is open, nobody gets a lease
            return Files.newByteChannel(itself(), StandardOpenOption.READ);
        } finally {
            close(held);
        }
    }

    /** Makes its bytes, or the names in it, survive a loss of power. */
    void force() throws IOException {
        if (attributes().isDirectory()) {
            try (var directory = FileChannel.open(itself(), StandardOpenOption.READ)) {
                directory.force(true);
            }
            return;
        }
        try (var channel = read()) {
            if (channel instanceof FileChannel file) {
                file.force(true);
            }
        }
    }

    private Path itself() {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    private static Pinned open(Path path, String shown) throws IOException {
        return open(RawName.of(path), shown);
    }

    private static Pinned open(byte[] path, String shown) throws IOException {
        return new Pinned(descriptor(path, shown, O_PATH | O_NOFOLLOW | O_CLOEXEC), shown);
    }

    private static int descriptor(byte[] path, String shown, int flags) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            var name = arena.allocate(path.length + 1L);
            MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
            int descriptor = (int) OPEN.invokeExact(state, name, flags);
            if (descriptor >= 0) {
                return descriptor;
            }
            throw refused((int) ERRNO.get(state, 0L), shown);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static IOException refused(int error, String shown) {
        return switch (error) {
            case ENOENT -> new NoSuchFileException(shown);
            case EACCES -> new AccessDeniedException(shown);
            case EAGAIN ->
                new JobWritten.Unacceptable("Expected to read '%s', but the job holds a lease on it".formatted(shown));
            case ENOTDIR -> new NotDirectoryException(shown);
            default -> new IOException("Expected to open '%s', but got error %d".formatted(shown, error));
        };
    }

    @Override
    public void close() {
        close(descriptor);
    }

    private static void close(int descriptor) {
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
