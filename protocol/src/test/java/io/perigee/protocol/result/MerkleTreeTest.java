package io.perigee.protocol.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.Samples;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    @Test
    void shouldHaveAZeroRootWithoutLeaves() {
        assertThat(MerkleTree.of(List.of()).root()).isEqualTo(Digest.ZERO);
    }

    @Test
    void shouldProveEveryLeafOfEverySize() {
        for (int size = 1; size <= 70; size++) {
            // given
            var samples = new Samples(size);
            var leaves = IntStream.range(0, size)
                    .mapToObj(_ -> Digest.of(samples.bytes(32)))
                    .toList();

            // when
            var tree = MerkleTree.of(leaves);

            // then
            var stranger = Digest.of(samples.bytes(32));
            for (var leaf : leaves) {
                assertThat(MerkleTree.verify(tree.root(), leaf, tree.proof(leaf)))
                        .isTrue();
                assertThat(MerkleTree.verify(tree.root(), stranger, tree.proof(leaf)))
                        .isFalse();
            }
        }
    }

    @Test
    void shouldNotDependOnTheOrderOfLeaves() {
        // given
        var samples = new Samples(7);
        var leaves = new ArrayList<>(IntStream.range(0, 33)
                .mapToObj(_ -> Digest.of(samples.bytes(32)))
                .toList());
        var root = MerkleTree.of(leaves).root();

        // when
        Collections.shuffle(leaves, new Random(1));

        // then
        assertThat(MerkleTree.of(leaves).root()).isEqualTo(root);
    }

    @Test
    void shouldRefuseToProveALeafThatIsNotThere() {
        var tree = MerkleTree.of(List.of(Digest.ZERO));
        assertThatThrownBy(() -> tree.proof(Digest.of(new Samples(1).bytes(32))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
