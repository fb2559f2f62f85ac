package io.perigee.devstack.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.devstack.engine.ContainerEngine;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The containers of this stack's agents; those of other agents on the machine are not ours. */
final class Leftovers {
    private static final String LABEL = "perigee.provider";

    private Leftovers() {}

    /** The providers whose agents have their homes under the directory. */
    static List<String> providers(Path agents) {
        var providers = new ArrayList<String>();
        if (!Files.isDirectory(agents)) {
            return providers;
        }
        try (var homes = Files.newDirectoryStream(agents)) {
            for (Path home : homes) {
                Path enrolment = home.resolve("enrolment.json");
                if (Files.isRegularFile(enrolment)) {
                    JsonNode json = Json.parse(Files.readAllBytes(enrolment));
                    providers.add(json.path("sessionKey").path("provider").asText());
                }
            }
            return providers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<ContainerEngine.Found> of(ContainerEngine engine, List<String> providers) {
        var found = new ArrayList<ContainerEngine.Found>();
        for (String provider : providers) {
            found.addAll(engine.containers(LABEL + "=" + provider));
        }
        return found;
    }

    static void remove(ContainerEngine engine, List<String> providers) {
        of(engine, providers).forEach(each -> engine.remove(each.id()));
    }
}
