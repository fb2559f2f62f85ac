package io.perigee.cli.provider;

import io.perigee.cli.Refusal;
import io.perigee.cli.view.Terminal;
import io.perigee.cli.wallet.PrivateFiles;
import io.perigee.cli.wallet.WalletFile;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** The files by which an agent is enrolled: its session key with a password beside it, and the owner's word. */
final class AgentKeys {
    private final Path home;
    private final WalletFile key;

    AgentKeys(Path home, Terminal terminal) {
        this.home = home;
        this.key = new WalletFile(home.resolve("session-key.json"), Optional.empty(), Optional.empty(), terminal);
    }

    Path enrolmentFile() {
        return home.resolve("enrolment.json");
    }

    /** The address of the agent's key. An agent that was never started gets a key; it needs no strong sealing, since its password lies beside it. */
    Address key(SecureRandom random) {
        try {
            PrivateFiles.directory(home);
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected to make '%s', but %s".formatted(home, e.getMessage()),
                    "Check --agent-home");
        }
        if (key.exists()) {
            return key.address();
        }
        KeyPair made = key.create(true, Keystore.Strength.LIGHT, random);
        return made.address();
    }

    /** What was written before. */
    Optional<Enrolment> enrolment() {
        try {
            return Files.exists(enrolmentFile())
                    ? Optional.of(Json.read(Files.readAllBytes(enrolmentFile()), Enrolment.class))
                    : Optional.empty();
        } catch (IOException | InvalidValue _) {
            return Optional.empty();
        }
    }

    /** Appears whole or not at all, so a running agent never reads half of it. */
    void write(Enrolment enrolment) {
        var draft = home.resolve("enrolment.json.new");
        try {
            Files.deleteIfExists(draft);
            PrivateFiles.create(draft, Json.bytes(enrolment));
            PrivateFiles.move(draft, enrolmentFile());
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected to write '%s', but %s".formatted(enrolmentFile(), e.getMessage()),
                    "Check --agent-home");
        }
    }
}
