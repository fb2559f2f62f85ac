package io.perigee.devstack.stack;

import io.perigee.devstack.engine.ContainerEngine;
import io.perigee.testkit.process.Resident;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what a stack holds, this JVM included. */
final class StackMemory {
    private StackMemory() {}

    static Memory measure(Infrastructure parts, Collection<Service> services, List<String> providers) {
        var held = new LinkedHashMap<String, Long>();
        held.put("devstack", Resident.bytes(ProcessHandle.current().pid()));
        for (Service service : services) {
            service.child().ifPresent(child -> held.put(service.name(), child.residentBytes()));
        }
        parts.postgres().ifPresent(each -> held.put("postgres", each.child().residentBytes()));
        parts.broker().ifPresent(each -> held.put("broker", each.child().residentBytes()));
        parts.ledger().ifPresent(each -> held.put("anvil", each.anvil().child().residentBytes()));
        parts.engine().ifPresent(lease -> {
            lease.daemon()
                    .ifPresent(daemon -> held.put("dockerd", daemon.child().residentBytes()));
            containers(lease.engine(), providers, held);
        });
        return new Memory(held);
    }

    private static void containers(ContainerEngine engine, List<String> providers, Map<String, Long> held) {
        try {
            held.put(
                    "containers",
                    Leftovers.of(engine, providers).stream()
                            .mapToLong(each -> withChildren(each.pid()))
                            .sum());
        } catch (UncheckedIOException e) {
            // an engine that is just stopping holds no containers of ours
            held.put("containers", 0L);
        }
    }

    private static long withChildren(long pid) {
        if (pid == 0) {
            return 0;
        }
        long sum = Resident.bytes(pid);
        for (ProcessHandle each :
                ProcessHandle.of(pid).map(p -> p.descendants().toList()).orElse(List.of())) {
            sum += Resident.bytes(each.pid());
        }
        return sum;
    }
}
