package io.perigee.protocol.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundleVerifierTest {
    private static final Bundle HONEST = new TestBundle().accepted(0, 1);
    private static final ContentId ELSE = ContentId.parse("sha256:" + "e".repeat(64));

    @Test
    void shouldFindNothingWrongWithAnHonestBundle() {
        assertThat(BundleVerifier.verify(HONEST)).allMatch(Check::ok).hasSizeGreaterThan(18);
    }

    @Test
    void shouldFindNothingWrongWhenACheaterWasOutvoted() {
        var bundle = new TestBundle().acceptedAgainst(2, 0, 1);
        assertThat(BundleVerifier.verify(bundle))
                .allMatch(Check::ok)
                .extracting(Check::name)
                .contains("attempt 2 contradicts the winners");
    }

    @Test
    void shouldVerifyTheSameAfterATripThroughJson() {
        var bundle = Json.read(Json.bytes(HONEST), Bundle.class);
        assertThat(BundleVerifier.verify(bundle)).allMatch(Check::ok);
    }

    @Test
    void shouldNoticeAnyChangedFieldOfTheEvidence() {
        // given
        var whole = Json.tree(HONEST);
        var paths = new ArrayList<String>();
        collect(whole, "", paths);
        var tried = 0;

        for (var path : paths) {
            // when: one leaf of the document changes
            var changed = whole.deepCopy();
            change(changed, path);

            // then: it is refused, or some check fails
            if (!path.startsWith("/transactions") && !path.equals("/version") && !path.equals("/outcome")) {
                tried++;
                assertThat(holds(changed)).as("changed " + path).isFalse();
            }
        }
        assertThat(tried).isGreaterThan(100);
    }

    @Test
    void shouldRefuseOneOwnerTwice() {
        var bundle = new TestBundle().accepted(0, 0);
        assertThat(BundleVerifier.verify(bundle))
                .filteredOn(check -> !check.ok())
                .extracting(Check::name)
                .contains("enough distinct owners won");
    }

    @Test
    void shouldRefuseTooFewWinners() {
        var bundle = new TestBundle().accepted(0);
        assertThat(BundleVerifier.verify(bundle))
                .filteredOn(check -> !check.ok())
                .extracting(Check::name)
                .containsExactly("enough distinct owners won");
    }

    @Test
    void shouldRefuseABorderThatNobodyAssigned() {
        assertThat(BundleVerifier.verify(new TestBundle().beyondTheAssignment()))
                .filteredOn(check -> !check.ok())
                .extracting(Check::name)
                .contains("attempt 0: committed by its key", "attempt 1: committed by its key");
    }

    @Test
    void shouldAllowNobodyToBeOwedWhenTheJobFailed() {
        var honest = HONEST;
        var failed = new Bundle(
                1,
                honest.domain(),
                honest.spec(),
                honest.order(),
                honest.orderSignature(),
                "failed",
                Payable.nothing(),
                List.of());
        assertThat(BundleVerifier.verify(failed)).allMatch(Check::ok);
    }

    @Test
    void shouldTieTheOutputsToTheSeal() {
        var sealed =
                ContentId.of(HONEST.payable().winners().getFirst().opening().outputDigest());
        assertThat(BundleVerifier.outputs(HONEST, sealed).ok()).isTrue();
        assertThat(BundleVerifier.outputs(HONEST, ContentId.parse("sha256:" + "0".repeat(64)))
                        .ok())
                .isFalse();
    }

    @Test
    void shouldTakeTheFourFilesOfTheLastBorderAndTheMarkOfATrainer() {
        // given
        var four = new ArrayList<>(checkpoint());

        // when / then
        assertThat(BundleVerifier.checkpoint(HONEST, new Manifest(four)).ok()).isTrue();
        four.add(new FileEntry("DONE", 0, ELSE));
        assertThat(BundleVerifier.checkpoint(HONEST, new Manifest(four)).ok()).isTrue();
    }

    /** The sealed bytes are all there, and what a trainer would load is not among them. */
    @Test
    void shouldRefuseACheckpointWhoseAdapterStandsUnderAnotherName() {
        // given
        var files = new ArrayList<>(checkpoint());
        var adapter = files.removeFirst();
        files.add(new FileEntry("x/a.bin", 1, adapter.sha256()));
        files.add(new FileEntry("adapter.safetensors", 1, ELSE));

        // when
        var check = BundleVerifier.checkpoint(HONEST, new Manifest(files));

        // then
        assertThat(check.ok()).isFalse();
        assertThat(check.detail()).isEqualTo("border 3: 'adapter.safetensors' is another file");
    }

    @Test
    void shouldRefuseACheckpointWithMoreOrFewerFilesThanATrainerWrites() {
        // given
        var fewer = new ArrayList<>(checkpoint());
        fewer.removeLast();
        var more = new ArrayList<>(checkpoint());
        more.add(new FileEntry("pytorch_model.bin", 1, ELSE));
        var filled = new ArrayList<>(checkpoint());
        filled.add(new FileEntry("DONE", 1, ELSE));

        // when / then
        assertThat(BundleVerifier.checkpoint(HONEST, new Manifest(fewer)).detail())
                .isEqualTo("border 3: 'metrics.jsonl' is missing");
        assertThat(BundleVerifier.checkpoint(HONEST, new Manifest(more)).detail())
                .isEqualTo("border 3: 'pytorch_model.bin' is no file of a checkpoint");
        assertThat(BundleVerifier.checkpoint(HONEST, new Manifest(filled)).ok()).isFalse();
    }

    private static List<FileEntry> checkpoint() {
        var last = HONEST.payable().winners().getFirst().segments().getLast();
        return List.of(
                new FileEntry("adapter.safetensors", 1, last.adapter()),
                new FileEntry("optimizer.safetensors", 1, last.optimizer()),
                new FileEntry("state.json", 1, last.state()),
                new FileEntry("metrics.jsonl", 1, last.metrics()));
    }

    private static boolean holds(JsonNode json) {
        try {
            return BundleVerifier.verify(Json.read(json, Bundle.class)).stream().allMatch(Check::ok);
        } catch (InvalidValue e) {
            return false;
        }
    }

    private static void collect(JsonNode node, String path, List<String> paths) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> collect(entry.getValue(), path + "/" + entry.getKey(), paths));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                collect(array.get(i), path + "/" + i, paths);
            }
        } else {
            paths.add(path);
        }
    }

    private static void change(JsonNode whole, String path) {
        int cut = path.lastIndexOf('/');
        var parent = whole.at(path.substring(0, cut));
        var name = path.substring(cut + 1);
        var old = whole.at(path);
        var mapper = Json.mapper();
        JsonNode changed = old.isNumber()
                ? mapper.getNodeFactory().numberNode(old.asLong() + 1)
                : old.isBoolean()
                        ? mapper.getNodeFactory().booleanNode(!old.asBoolean())
                        : mapper.getNodeFactory().textNode(flip(old.asText()));
        if (parent instanceof ObjectNode object) {
            object.set(name, changed);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(name), changed);
        }
    }

    private static String flip(String text) {
        if (text.isEmpty()) {
            return "x";
        }
        char last = text.charAt(text.length() - 1);
        return text.substring(0, text.length() - 1) + (last == '1' ? '2' : '1');
    }
}
