package io.perigee.cli.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.cli.Refusal;
import io.perigee.cli.view.PaperTerminal;
import io.perigee.protocol.crypto.Keystore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalletTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path home;

    @Test
    void shouldKeepKeyAndPasswordReadableByTheOwnerAlone() throws IOException {
        // given
        var wallet = wallet(Optional.empty());

        // when
        var key = wallet.create(true, Keystore.Strength.LIGHT, RANDOM);

        // then
        assertThat(wallet.open().address()).isEqualTo(key.address());
        assertThat(wallet.address()).isEqualTo(key.address());
        for (var file : new Path[] {wallet.file(), wallet.besidePassword()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void shouldNeverWriteOverAKey() {
        var wallet = wallet(Optional.empty());
        wallet.create(true, Keystore.Strength.LIGHT, RANDOM);
        assertThatThrownBy(() -> wallet.create(true, Keystore.Strength.LIGHT, RANDOM))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("there is one");
    }

    /** Of a wallet that was moved away, say. */
    @Test
    void shouldMakeNoKeyBesideThePasswordOfAnother() throws IOException {
        // given
        var wallet = wallet(Optional.empty());
        Files.writeString(wallet.besidePassword(), "another");

        // when / then
        assertThatThrownBy(() -> wallet.create(true, Keystore.Strength.LIGHT, RANDOM))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("without its wallet");
        assertThat(wallet.exists()).isFalse();
        assertThat(wallet.besidePassword()).hasContent("another");
    }

    @Test
    void shouldMakeNoKeyWhosePasswordCouldNotBeWritten() throws IOException {
        // given: a name that is taken, though nothing seems to be there
        var wallet = wallet(Optional.empty());
        Files.createSymbolicLink(wallet.besidePassword(), home.resolve("nowhere"));

        // when / then
        assertThatThrownBy(() -> wallet.create(true, Keystore.Strength.LIGHT, RANDOM))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("wallet.password");
        assertThat(wallet.exists()).isFalse();
    }

    @Test
    void shouldLeaveNoPasswordOfAKeyThatCouldNotBeWritten() throws IOException {
        // given
        var wallet = wallet(Optional.empty());
        Files.createSymbolicLink(wallet.file(), home.resolve("nowhere"));

        // when / then
        assertThatThrownBy(() -> wallet.create(true, Keystore.Strength.LIGHT, RANDOM))
                .isInstanceOf(Refusal.class);
        assertThat(wallet.besidePassword()).doesNotExist();
    }

    @Test
    void shouldRefuseAWrongPassword() {
        wallet(Optional.of("right password")).create(false, Keystore.Strength.LIGHT, RANDOM);
        assertThatThrownBy(() -> wallet(Optional.of("wrong password")).open())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("password is wrong");
    }

    @Test
    void shouldSayThatNobodyIsThereToAsk() {
        wallet(Optional.of("right password")).create(false, Keystore.Strength.LIGHT, RANDOM);
        assertThatThrownBy(() -> wallet(Optional.empty()).open())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("nobody is there to ask");
    }

    @Test
    void shouldSayHowToGetAWallet() {
        assertThatThrownBy(() -> wallet(Optional.empty()).open())
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.hint()).isEqualTo("perigee wallet create"));
    }

    private WalletFile wallet(Optional<String> password) {
        return new WalletFile(home.resolve("wallet.json"), Optional.empty(), password, new PaperTerminal());
    }
}
