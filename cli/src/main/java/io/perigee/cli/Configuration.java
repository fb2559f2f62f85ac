package io.perigee.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Flag, else environment, else {@code config.yaml} in the home directory, else the default. */
public final class Configuration {
    private static final URI DEFAULT_HUB = URI.create("http://localhost:8080");
    private static final Set<String> KEYS =
            Set.of("hub", "wallet", "passwordFile", "rpc", "escrow", "hubAddress", "token");

    private final Options options;
    private final Map<String, String> environment;
    private @Nullable JsonNode file;

    Configuration(Options options, Map<String, String> environment) {
        this.options = options;
        this.environment = environment;
    }

    public Path home() {
        if (options.home != null) {
            return options.home;
        }
        var named = environment.get("PERIGEE_HOME");
        return named != null
                ? Path.of(named)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".perigee");
    }

    public URI hub() {
        return find(options.hub, "PERIGEE_HUB", "hub", Configuration::uri).orElse(DEFAULT_HUB);
    }

    /** False when an escrow was named and no hub: then nobody said where its files are. */
    public boolean saysWhereFilesAre() {
        return escrow().isEmpty()
                || find(options.hub, "PERIGEE_HUB", "hub", Configuration::uri).isPresent();
    }

    Optional<URI> rpc() {
        return find(options.rpc, "PERIGEE_RPC", "rpc", Configuration::uri);
    }

    /** The escrow to go by when no hub is to be asked. */
    Optional<Address> escrow() {
        return address(options.escrow, "PERIGEE_ESCROW", "escrow");
    }

    Optional<Address> hubAddress() {
        return address(options.hubAddress, "PERIGEE_HUB_ADDRESS", "hubAddress");
    }

    Optional<Address> token() {
        return address(options.token, "PERIGEE_TOKEN", "token");
    }

    private Optional<Address> address(@Nullable String flag, String variable, String key) {
        return find(flag == null ? null : Address.parse(flag), variable, key, Address::parse);
    }

    public Path wallet() {
        return find(options.wallet, "PERIGEE_WALLET", "wallet", this::path)
                .orElseGet(() -> home().resolve("wallet.json"));
    }

    /** The environment of the process, for what programs of this machine read from it. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The strict trainer's class path: PERIGEE_STRICT, or what was built in this checkout. */
    public Optional<String> strictTrainer() {
        var named = environment.get("PERIGEE_STRICT");
        if (named != null && !named.isBlank()) {
            return Optional.of(named);
        }
        var root = System.getProperty("perigee.root");
        if (root == null) {
            return Optional.empty();
        }
        try (var files = Files.list(Path.of(root, "trainers/strict/target"))) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .matches("perigee-trainer-strict-[0-9][^-]*(-SNAPSHOT)?\\.jar"))
                    .map(Path::toString)
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    Optional<Path> passwordFile() {
        return find(options.passwordFile, "PERIGEE_PASSWORD_FILE", "passwordFile", this::path);
    }

    Optional<String> password() {
        return Optional.ofNullable(environment.get("PERIGEE_PASSWORD"));
    }

    private <T> Optional<T> find(@Nullable T flag, String variable, String key, Function<String, T> reader) {
        if (flag != null) {
            return Optional.of(flag);
        }
        var fromEnvironment = environment.get(variable);
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return Optional.of(reader.apply(fromEnvironment));
        }
        var written = file().path(key);
        return written.isTextual() ? Optional.of(reader.apply(written.textValue())) : Optional.empty();
    }

    private JsonNode file() {
        var known = file;
        if (known == null) {
            known = read(home().resolve("config.yaml"));
            file = known;
        }
        return known;
    }

    private static JsonNode read(Path path) {
        var mapper = new YAMLMapper();
        if (!Files.exists(path)) {
            return mapper.createObjectNode();
        }
        try {
            var found = mapper.readTree(Files.readString(path));
            if (found == null || found.isMissingNode() || found.isNull()) {
                return mapper.createObjectNode();
            }
            for (var entry : found.properties()) {
                if (!KEYS.contains(entry.getKey())) {
                    throw broken(path, "the key '%s' is unknown".formatted(entry.getKey()));
                }
            }
            return found;
        } catch (IOException e) {
            throw broken(path, "it is not readable YAML");
        }
    }

    private static Refusal broken(Path path, String fact) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected to read '%s', but %s".formatted(path, fact),
                "It may hold hub, wallet, passwordFile, rpc, escrow, hubAddress and token");
    }

    private Path path(String text) {
        return text.startsWith("~/")
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), text.substring(2))
                : Path.of(text);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected an address such as http://localhost:8080, but got '%s'".formatted(text),
                    "Check --hub and --rpc");
        }
    }
}
