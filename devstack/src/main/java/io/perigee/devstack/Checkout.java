package io.perigee.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the checkout is, and what the build left in it. */
public record Checkout(Path root) {
    public Checkout {
        root = root.toAbsolutePath().normalize();
    }

    /** The checkout named by {@code perigee.root}, or the one around the working directory. */
    public static Checkout find() {
        String named = System.getProperty("perigee.root");
        if (named != null) {
            return new Checkout(Path.of(named));
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("marketplace-api")) && Files.isDirectory(at.resolve("devstack"))) {
                return new Checkout(at);
            }
        }
        throw new Expected(
                "Expected to run inside a checkout of Perigee, but '"
                        + Path.of("").toAbsolutePath() + "' is in none",
                "Change into the checkout");
    }

    /** The production JAR of a room; its libraries lie in {@code lib/} beside it. */
    public Path jar(String room, String artifact) {
        Path target = root.resolve(room).resolve("target");
        Path plain = target.resolve(artifact + ".jar");
        if (Files.isRegularFile(plain)) {
            return plain;
        }
        if (Files.isDirectory(target)) {
            try (var files = Files.list(target)) {
                List<Path> found = files.filter(
                                each -> each.getFileName().toString().matches(artifact + "-[0-9][^/]*\\.jar"))
                        .filter(each -> !each.getFileName().toString().matches(".*-(sources|javadoc|tests)\\.jar"))
                        .sorted()
                        .toList();
                if (!found.isEmpty()) {
                    return found.getLast();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new Expected(
                "Expected to find the JAR of " + room + " in " + target + ", but it is not built",
                "Run './mvnw -q -DskipTests package' in " + root);
    }

    /** The fast-jar of the marketplace API. */
    public Path apiJar() {
        Path jar = root.resolve("marketplace-api/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new Expected(
                    "Expected to find " + jar + ", but it is not built",
                    "Run './mvnw -q -DskipTests package' in " + root);
        }
        return jar;
    }

    /** Where runs keep what they need again: not in version control. */
    public Path state() {
        String named = System.getenv("PERIGEE_STATE");
        return named != null && !named.isBlank() ? Path.of(named).toAbsolutePath() : root.resolve(".perigee");
    }
}
