package io.perigee.cli.wallet;

import io.perigee.cli.Refusal;
import io.perigee.cli.view.Terminal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** A wallet's key file, and the ways to its password: named file, environment, file beside it, the person. */
public final class WalletFile {
    private static final int LARGEST = 64 * 1024;

    private final Path file;
    private final Optional<Path> passwordFile;
    private final Optional<String> password;
    private final Terminal terminal;

    public WalletFile(Path file, Optional<Path> passwordFile, Optional<String> password, Terminal terminal) {
        this.file = file;
        this.passwordFile = passwordFile;
        this.password = password;
        this.terminal = terminal;
    }

    public Path file() {
        return file;
    }

    public boolean exists() {
        return Files.exists(file);
    }

    /** Where a saved password stands: wallet.json has wallet.password. */
    public Path besidePassword() {
        var name = file.getFileName().toString();
        return file.resolveSibling(
                (name.endsWith(".json") ? name.substring(0, name.length() - 5) : name) + ".password");
    }

    public KeyPair open() {
        var bytes = bytes();
        try {
            return Keystore.read(bytes, knownPassword().orElseGet(() -> ask("Password of %s: ".formatted(file))));
        } catch (InvalidValue e) {
            throw new Refusal(
                    ErrorCode.FORBIDDEN,
                    e.getMessage() + " ('%s')".formatted(file),
                    "Name the password's file with --password-file");
        }
    }

    /** The address, which stands in the file without a password. */
    public Address address() {
        var text = Json.parse(bytes()).path("address").asText();
        return text.isEmpty() ? open().address() : Address.parse(text.startsWith("0x") ? text : "0x" + text);
    }

    /** Makes a key file; a password that nobody gives is drawn and saved beside it when asked to. */
    public KeyPair create(boolean savePassword, Keystore.Strength strength, SecureRandom random) {
        requireNone(savePassword);
        var key = KeyPair.create(random);
        var secret = savePassword ? drawn(random) : knownPassword().orElseGet(this::askTwice);
        var sealed = Keystore.write(key, secret, strength, random);
        try {
            if (savePassword) {
                write(sealed, secret);
            } else {
                PrivateFiles.create(file, sealed);
            }
            return key;
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected to write '%s', but it exists".formatted(e.getFile()),
                    "Move it away first");
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected to write '%s', but %s".formatted(file, e.getMessage()),
                    "Check the directory");
        }
    }

    private void requireNone(boolean savePassword) {
        if (exists()) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected to make a wallet at '%s', but there is one".formatted(file),
                    "Name another file with --wallet");
        }
        if (savePassword && Files.exists(besidePassword())) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected to save a new password at '%s', but one is there, without its wallet"
                            .formatted(besidePassword()),
                    "Move it to its wallet first; delete it only if there is none");
        }
    }

    /** The password comes first, so that there is never a key, and an address to send money to, that nothing opens. */
    private void write(byte[] sealed, String secret) throws IOException {
        PrivateFiles.create(besidePassword(), secret.getBytes(StandardCharsets.UTF_8));
        try {
            PrivateFiles.create(file, sealed);
        } catch (IOException e) {
            Files.delete(besidePassword());
            throw e;
        }
    }

    private byte[] bytes() {
        if (!exists()) {
            throw new Refusal(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected a wallet at '%s', but there is none".formatted(file),
                    "perigee wallet create");
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new Refusal(
                        ErrorCode.MALFORMED,
                        "Expected a key file at '%s', but it is too large for one".formatted(file),
                        "Name the right file with --wallet");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected to read '%s', but %s".formatted(file, e.getMessage()),
                    "Check its permissions");
        }
    }

    private Optional<String> knownPassword() {
        if (passwordFile.isPresent()) {
            return Optional.of(read(passwordFile.get()));
        }
        if (password.isPresent()) {
            return password;
        }
        return Files.exists(besidePassword()) ? Optional.of(read(besidePassword())) : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.UNAUTHENTICATED,
                    "Expected to read the password from '%s', but it failed".formatted(file),
                    "Check --password-file");
        }
    }

    private String ask(String question) {
        return terminal.secret(question)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.UNAUTHENTICATED,
                        "Expected the password of '%s', but nobody is there to ask".formatted(file),
                        "Name its file with --password-file"));
    }

    private String askTwice() {
        var first = ask("New password: ");
        if (first.length() < 8) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected a password of at least 8 characters, but got %d".formatted(first.length()),
                    "Or let one be drawn: --save-password");
        }
        if (!first.equals(ask("Once more: "))) {
            throw new Refusal(ErrorCode.MALFORMED, "Expected the same password twice, but they differ", "Try again");
        }
        return first;
    }

    private static String drawn(SecureRandom random) {
        var bytes = new byte[24];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
