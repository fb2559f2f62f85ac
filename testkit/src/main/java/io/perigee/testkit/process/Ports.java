package io.perigee.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** TCP ports on the loopback interface. */
public final class Ports {
    private Ports() {}

    /** A port that was free a moment ago. */
    public static int free() {
        return free(1).getFirst();
    }

    /** Distinct ports that were free a moment ago. */
    public static List<Integer> free(int count) {
        try {
            return held(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All are held until the last is known, so that none comes twice. */
    private static List<Integer> held(int count) throws IOException {
        if (count == 0) {
            return List.of();
        }
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ports = new ArrayList<>(List.of(socket.getLocalPort()));
            ports.addAll(held(count - 1));
            return ports;
        }
    }

    /** Whether something listens there. */
    public static boolean open(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
