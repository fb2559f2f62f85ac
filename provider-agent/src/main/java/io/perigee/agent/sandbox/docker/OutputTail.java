package io.perigee.agent.sandbox.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Keeps the last bytes of a container's output; a job may print one line of a gigabyte. */
final class OutputTail extends ResultCallback.Adapter<Frame> {
    private static final int KEPT = 64 * 1024;

    private byte[] tail = {};

    @Override
    public synchronized void onNext(Frame frame) {
        var joined = new ByteArrayOutputStream(tail.length + frame.getPayload().length);
        joined.writeBytes(tail);
        joined.writeBytes(frame.getPayload());
        var all = joined.toByteArray();
        tail = all.length <= KEPT ? all : Arrays.copyOfRange(all, all.length - KEPT, all.length);
    }

    synchronized List<String> lines(int most) {
        var lines = new String(tail, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
