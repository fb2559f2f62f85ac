package io.perigee.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    private static final String NASTY = "\u001B]52;c;eA==\u0007 \r\u001B[2K accepted \u009B2K \u007F \u202Etxt \u2066x";

    @Test
    void shouldReplaceWhatATerminalObeysOrTurns() {
        assertThat(PlainText.of(NASTY))
                .isEqualTo("\uFFFD]52;c;eA==\uFFFD \uFFFD\uFFFD[2K accepted \uFFFD2K \uFFFD \uFFFDtxt \uFFFDx");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x08, 0x0D, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0x202A, 0x202E, 0x2066, 0x2069, 0xD800})
    void shouldReplaceTheFirstAndTheLastOfEachKind(int c) {
        assertThat(PlainText.of("a" + (char) c)).isEqualTo("a\uFFFD");
        assertThat(PlainText.line((char) c + "a")).isEqualTo(" a");
    }

    @Test
    void shouldLeaveOtherTextAsItIs() {
        var text = "a line\n\tand more: 0.5 µs, 模型, \uD83D\uDE00, ‏עברית";
        assertThat(PlainText.of(text)).isSameAs(text);
    }

    @Test
    void shouldKeepALineOne() {
        assertThat(PlainText.line("a\n\tb")).isEqualTo("a  b");
    }

    @Test
    void shouldReachEveryNameAndTextOfADocument() {
        // given
        var document =
                Json.mapper().createObjectNode().put("a\u001B", "b\u001B").put("n", 1);
        document.putArray("list").addObject().put("c", "d\ne");

        // when
        var clean = PlainText.lines(document);

        // then
        assertThat(Json.text(clean)).isEqualTo("{\"a \":\"b \",\"n\":1,\"list\":[{\"c\":\"d e\"}]}");
    }
}
