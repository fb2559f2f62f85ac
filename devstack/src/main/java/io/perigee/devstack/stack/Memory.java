package io.perigee.devstack.stack;

import java.util.Map;
import java.util.TreeMap;

/**
 * Resident memory by process in bytes; pages that processes share are counted once.
 *
 * @param byName what each holds
 */
public record Memory(Map<String, Long> byName) {
    public Memory {
        byName = Map.copyOf(byName);
    }

    public long total() {
        return byName.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        new TreeMap<>(byName)
                .forEach((name, bytes) ->
                        text.append(name).append(' ').append(bytes >> 20).append(" MB, "));
        return text.append("in all ").append(total() >> 20).append(" MB").toString();
    }
}
