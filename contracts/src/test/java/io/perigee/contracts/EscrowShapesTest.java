package io.perigee.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.contracts.shape.EpochShapes;
import io.perigee.contracts.shape.EscrowShapes;
import io.perigee.protocol.id.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Signatures of 65 bytes in the two words of EIP-2098. */
class EscrowShapesTest {
    private static final byte[] ZEROS = new byte[32];

    /** The examples of the standard itself. */
    @Test
    void shouldWriteTheStandardsOwnExamples() {
        assertCompact(
                "68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90",
                "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064",
                27,
                "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064");
        assertCompact(
                "9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76",
                "139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793",
                28,
                "939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793");
    }

    @Test
    void shouldShowNoneForWhatHasNoSuchForm() {
        assertNone(signature(new byte[32], filled(32, 0x80), 27));
        assertNone(signature(filled(32, 1), filled(32, 0xff), 28));
        for (int v : new int[] {0, 1, 26, 29, 255}) {
            assertNone(signature(filled(32, 1), filled(32, 1), v));
        }
    }

    private static void assertCompact(String r, String s, int v, String vs) {
        var hex = HexFormat.of();
        var compact = EscrowShapes.signature(signature(hex.parseHex(r), hex.parseHex(s), v));
        assertThat(compact.r).isEqualTo(hex.parseHex(r));
        assertThat(compact.vs).isEqualTo(hex.parseHex(vs));
        var ofEpochs = EpochShapes.signature(signature(hex.parseHex(r), hex.parseHex(s), v));
        assertThat(ofEpochs.r).isEqualTo(compact.r);
        assertThat(ofEpochs.vs).isEqualTo(compact.vs);
    }

    private static void assertNone(Signature signature) {
        var compact = EscrowShapes.signature(signature);
        assertThat(compact.r).isEqualTo(ZEROS);
        assertThat(compact.vs).isEqualTo(ZEROS);
    }

    private static Signature signature(byte[] r, byte[] s, int v) {
        var bytes = new byte[Signature.BYTES];
        System.arraycopy(r, 0, bytes, 0, 32);
        System.arraycopy(s, 0, bytes, 32, 32);
        bytes[64] = (byte) v;
        return Signature.of(bytes);
    }

    private static byte[] filled(int length, int value) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
