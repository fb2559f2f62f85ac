package io.perigee.testkit.chain;

import io.perigee.testkit.process.Directories;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Where anvil is: on the PATH, in a {@code node_modules} of a directory above, in the cache, or with npm. */
public final class AnvilBinary {
    /** The release that is fetched when the machine has none. */
    public static final String VERSION = "1.7.1";

    private AnvilBinary() {}

    /** An anvil that is on this machine already. */
    public static Optional<Path> installed() {
        return candidates().stream().filter(Files::isExecutable).findFirst();
    }

    /**
     * An anvil of this machine; else npm fetches the platform's package into the cache.
     *
     * @throws IllegalStateException when npm is missing too, or cannot fetch it
     */
    public static Path findOrFetch() {
        return installed().orElseGet(AnvilBinary::fetch);
    }

    private static List<Path> candidates() {
        var list = new ArrayList<Path>();
        String named = System.getenv("PERIGEE_ANVIL");
        if (named != null && !named.isBlank()) {
            list.add(Path.of(named));
        }
        for (String part : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (!part.isEmpty()) {
                list.add(Path.of(part, "anvil"));
            }
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            list.add(at.resolve("contracts").resolve(inNodeModules()));
            list.add(at.resolve(inNodeModules()));
        }
        list.add(cacheDirectory().resolve(inNodeModules()));
        return list;
    }

    /** The npm package with the binary for this platform. */
    public static String packageName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return "@foundry-rs/anvil-" + system + "-" + machine;
    }

    private static Path inNodeModules() {
        return Path.of("node_modules", packageName(), "bin", "anvil");
    }

    private static Path cacheDirectory() {
        return Directories.cache().resolve("anvil-" + VERSION);
    }

    private static Path fetch() {
        Path directory = cacheDirectory();
        try {
            Files.createDirectories(directory);
            Process npm = new ProcessBuilder(
                            "npm",
                            "install",
                            "--no-save",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            directory.toString(),
                            packageName() + "@" + VERSION)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(180, TimeUnit.SECONDS)) {
                npm.destroyForcibly();
                throw new IllegalStateException("Expected npm to fetch anvil within 180 s, but it did not end");
            }
            Path binary = directory.resolve(inNodeModules());
            if (npm.exitValue() != 0 || !Files.isExecutable(binary)) {
                throw new IllegalStateException("Expected npm to fetch "
                        + packageName()
                        + "@"
                        + VERSION
                        + ", but it ended with status "
                        + npm.exitValue()
                        + ": "
                        + Files.readString(directory.resolve("npm.log")));
            }
            return binary;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected to find anvil on the PATH or fetch it with npm, but " + e.getMessage()
                            + ". Install Node.js or Foundry",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while npm fetched anvil", e);
        }
    }
}
