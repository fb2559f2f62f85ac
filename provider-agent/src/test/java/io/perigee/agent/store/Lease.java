package io.perigee.agent.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What a job may take on a file of its own, and does not give back when it is asked to. */
@SuppressWarnings("restricted")
final class Lease implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1_024;
    private static final int F_WRLCK = 1;
    /** Ignored, where the usual one would end this process. */
    private static final int SIGURG = 23;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FCNTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;
    private final boolean held;

    private Lease(int descriptor, boolean held) {
        this.descriptor = descriptor;
        this.held = held;
    }

    static Lease of(Path file) {
        try (var arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDWR);
            int asked = (int) FCNTL.invokeExact(descriptor, F_SETSIG, SIGURG);
            return new Lease(descriptor, asked == 0 && (int) FCNTL.invokeExact(descriptor, F_SETLEASE, F_WRLCK) == 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not on every file system. */
    boolean isHeld() {
        return held;
    }

    @Override
    public void close() {
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
