package io.perigee.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.Samples;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;

class KeccakSpongeTest {
    @Test
    void shouldHashEveryLengthAsTheCryptoLibraryDoes() {
        // given
        var in = new Samples(3).bytes(700);
        var sponge = new KeccakSponge();
        for (int length = 0; length < in.length - 5; length++) {
            var reference = new KeccakDigest(256);
            reference.update(in, 5, length);
            var expected = new byte[32];
            reference.doFinal(expected, 0);
            var out = new byte[40];

            // when
            sponge.hash(in, 5, length, out, 8);

            // then
            assertThat(Arrays.copyOfRange(out, 8, 40)).isEqualTo(expected);
        }
    }
}
