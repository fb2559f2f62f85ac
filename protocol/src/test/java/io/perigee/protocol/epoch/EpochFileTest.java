package io.perigee.protocol.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.crypto.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EpochFileTest {
    private static final EpochFile FILE = new EpochFile(SampleEpoch.ID, SampleEpoch.lines(9, 33));

    @Test
    void shouldReadWhatItWroteAndNameItByItsContent() throws IOException {
        // given
        var bytes = bytes(FILE);

        // when
        var read = EpochFile.read(new ByteArrayInputStream(bytes), 33);

        // then
        assertThat(bytes).hasSize((int) FILE.size());
        assertThat(FILE.contentId()).isEqualTo(Sha256.of(bytes)).isEqualTo(read.contentId());
        assertThat(EpochLedger.of(read.id(), read.lines()).content())
                .isEqualTo(EpochLedger.of(FILE.id(), FILE.lines()).content());
    }

    @Test
    void shouldSayWhatIsWrongWithBytesThatAreNoFile() throws IOException {
        var bytes = bytes(FILE);
        refuses(new byte[0], EpochFileFault.Code.CUT_SHORT);
        refuses(new byte[500], EpochFileFault.Code.NOT_AN_EPOCH);
        refuses(Arrays.copyOf(bytes, bytes.length - 1), EpochFileFault.Code.CUT_SHORT);
        refuses(Arrays.copyOf(bytes, bytes.length + 1), EpochFileFault.Code.TRAILING);
        refuses(with(bytes, 59, 0), EpochFileFault.Code.BAD_HEADER);
        refuses(with(bytes, 60, 0x7f), EpochFileFault.Code.TOO_LONG);
        refuses(with(bytes, 60, 0xff), EpochFileFault.Code.BAD_HEADER);
        refuses(with(bytes, 63, 34), EpochFileFault.Code.TOO_LONG);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        var changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static void refuses(byte[] bytes, EpochFileFault.Code code) {
        assertThatThrownBy(() -> EpochFile.read(new ByteArrayInputStream(bytes), 33))
                .isInstanceOfSatisfying(
                        EpochFileFault.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    private static byte[] bytes(EpochFile file) throws IOException {
        var out = new ByteArrayOutputStream();
        file.write(out);
        return out.toByteArray();
    }
}
