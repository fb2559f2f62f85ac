package io.perigee.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.message.Signed;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProtocolDocumentTest {
    private static final Path PAGE = Path.of("..", "docs", "protocol.md");

    @Test
    void shouldFindThePageUpToDate() throws IOException {
        // given
        var document = new ProtocolDocument();
        if (Boolean.getBoolean("perigee.docs.write")) {
            Files.writeString(PAGE, document.fill(Files.readString(PAGE)));
        }

        // when
        var page = Files.readString(PAGE);

        // then
        assertThat(document.stale(page))
                .as("stale regions of docs/protocol.md; write them with -Dperigee.docs.write=true")
                .isEmpty();
    }

    @Test
    void shouldLinkToHeadingsThatAreThere() throws IOException {
        assertThat(MarkedPage.brokenLinks(Files.readString(PAGE))).isEmpty();
    }

    @Test
    void shouldExplainEveryTypeThatATableNamesAndNothingElse() {
        var document = new ProtocolDocument();
        assertThat(document.tables().missing()).isEmpty();
        assertThat(document.meanings().unused()).isEmpty();
    }

    @Test
    void shouldShowOneSignatureOfEveryMessageByWhoSignsIt() {
        assertThat(SigningBlocks.EXAMPLES)
                .allSatisfy(example -> assertThat(example.signer().replaceFirst("[0-9]$", ""))
                        .isEqualTo(ExampleParties.signer(
                                example.message().getClass().getSimpleName())))
                .allSatisfy(example -> assertThat(Signatures.recover(example.digest(), example.signature()))
                        .isEqualTo(ExampleParties.key(example.signer()).address()))
                .extracting(example -> example.message().getClass())
                .doesNotHaveDuplicates()
                .hasSize(Signed.class.getPermittedSubclasses().length);
    }

    @Test
    void shouldShowOneConsistentJob() {
        assertThat(BundleVerifier.verify(ExampleJob.BUNDLE)).allMatch(Check::ok);
    }

    @Test
    void shouldWriteJsonThatReadsBackTheSame() {
        var bundle = Json.parse(Json.bytes(ExampleJob.BUNDLE));
        assertThat(Json.parse(ExampleParties.bytes(PrettyJson.text(bundle)))).isEqualTo(bundle);
    }

    @Test
    void shouldRefuseAPageWithoutARegionForABlockOrWithOneTooMany() {
        var page = "a\n<!-- generated: x -->\nold\n<!-- end -->\nb\n";

        assertThat(MarkedPage.stale(page, Map.of("x", "new"))).containsExactly("x");
        assertThat(MarkedPage.fill(page, Map.of("x", "new"))).contains("new").doesNotContain("old");
        assertThatThrownBy(() -> MarkedPage.fill(page, Map.of("x", "new", "y", "more")))
                .hasMessageContaining("lacks [y]");
        assertThatThrownBy(() -> MarkedPage.fill(page + page, Map.of("x", "new")))
                .hasMessageContaining("too many of [x]");
    }

    @Test
    void shouldNoticeALinkThatLeadsNowhere() {
        assertThat(MarkedPage.brokenLinks("## The bytes, all\n[a](#the-bytes-all) [b](#none)"))
                .containsExactly("none");
    }
}
