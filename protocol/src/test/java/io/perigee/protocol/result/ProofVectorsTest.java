package io.perigee.protocol.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.Vectors;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import java.util.ArrayList;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProofVectorsTest {
    private static final JsonNode MERKLE = Vectors.read("merkle");

    static Stream<JsonNode> trees() {
        return StreamSupport.stream(MERKLE.get("trees").spliterator(), false);
    }

    static Stream<JsonNode> seals() {
        return StreamSupport.stream(Vectors.read("seal").get("seals").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("trees")
    void shouldBuildOpenZeppelinsTree(JsonNode vector) {
        // given
        var orderHash = digest(MERKLE.get("orderHash"));
        var leaves = new ArrayList<Digest>();
        for (var leaf : vector.get("leaves")) {
            leaves.add(hashes(leaf).leaf(orderHash));
        }

        // when
        var tree = MerkleTree.of(leaves);

        // then
        assertThat(tree.root()).isEqualTo(digest(vector.get("root")));
        assertThat(tree.leafCount()).isEqualTo(vector.get("leafCount").asInt());
        for (int i = 0; i < leaves.size(); i++) {
            var expected = vector.get("leaves").get(i);
            assertThat(leaves.get(i)).isEqualTo(digest(expected.get("leaf")));
            var proof = tree.proof(leaves.get(i));
            assertThat(proof).extracting(Digest::value).containsExactlyElementsOf(texts(expected.get("proof")));
            assertThat(MerkleTree.verify(tree.root(), leaves.get(i), proof)).isTrue();
            assertThat(MerkleTree.verify(tree.root(), Digest.ZERO, proof)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("seals")
    void shouldSaltAndSealAsTheVectorsSay(JsonNode vector) {
        // given
        var key = KeyPair.ofSecret(Vectors.hex(vector.get("sessionKey")));
        var assignmentHash = digest(vector.get("assignmentHash"));
        long border = vector.get("border").asLong();

        // when
        var salt = Salts.derive(key, assignmentHash, (int) border);

        // then
        assertThat(salt).isEqualTo(digest(vector.get("salt")));
        if (border <= Integer.MAX_VALUE && vector.get("leafCount").asLong() <= Integer.MAX_VALUE) {
            var opening = new Opening(
                    digest(vector.get("root")),
                    vector.get("leafCount").asInt(),
                    digest(vector.get("outputDigest")),
                    salt);
            assertThat(Seal.of(assignmentHash, (int) border, opening)).isEqualTo(digest(vector.get("seal")));
        }
    }

    private static SegmentHashes hashes(JsonNode leaf) {
        return new SegmentHashes(
                leaf.get("i").asInt(),
                content(leaf, "adapter"),
                content(leaf, "optimizer"),
                content(leaf, "state"),
                content(leaf, "metrics"));
    }

    private static ContentId content(JsonNode leaf, String name) {
        return ContentId.of(digest(leaf.get(name)));
    }

    private static Digest digest(JsonNode node) {
        return Digest.parse(node.asText());
    }

    private static Iterable<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
