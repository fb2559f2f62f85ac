package io.perigee.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    @Test
    void shouldSortKeysByUtf16CodeUnits() {
        // given: RFC 8785 section 3.2.3
        var json = "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"😀\":5,\"\\u0080\":6,\"\\u00f6\":7}";

        // when
        var canonical = canonical(json);

        // then: the emoji's surrogates sort before U+FB33 although its code point is larger
        assertThat(canonical)
                .isEqualTo("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    @Test
    void shouldEscapeOnlyWhatTheRfcEscapes() {
        // given
        var text = JsonNodeFactory.instance.textNode("\u20ac$\u000f\nA'B\"\\\b\f\r\t/\u007f\u2028<>");

        // when
        var canonical = new String(CanonicalJson.bytes(text), StandardCharsets.UTF_8);

        // then
        assertThat(canonical).isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\b\\f\\r\\t/\u007f\u2028<>\"");
    }

    @Test
    void shouldDropSpaceAndKeepArraysInOrder() {
        assertThat(canonical(" { \"b\" : [ 3 , 1 , {\"z\":null, \"a\":true} ] , \"a\" : \"\" } "))
                .isEqualTo("{\"a\":\"\",\"b\":[3,1,{\"a\":true,\"z\":null}]}");
    }

    @Test
    void shouldWriteWholeNumbersPlainly() {
        assertThat(canonical("[0,-0,-1,9007199254740991,-9007199254740991]"))
                .isEqualTo("[0,0,-1,9007199254740991,-9007199254740991]");
    }

    @Test
    void shouldRefuseWhatHasNoExactNumber() {
        for (var bad :
                new String[] {"1.5", "1e3", "9007199254740992", "-9007199254740992", "123456789012345678901234567890"
                }) {
            assertThatThrownBy(() -> canonical("[" + bad + "]")).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldRefuseUnpairedSurrogates() {
        for (var bad : new String[] {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d"}) {
            var text = JsonNodeFactory.instance.textNode(bad);
            assertThatThrownBy(() -> CanonicalJson.bytes(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldBeAFixedPoint() {
        // given
        var once = canonical("{\"x\":{\"b\":[1,{\"d\":\"é\",\"c\":null}],\"a\":false}}");

        // when
        var twice = canonical(once);

        // then
        assertThat(twice).isEqualTo(once);
    }

    private static String canonical(String json) {
        return new String(
                CanonicalJson.bytes(Json.parse(json.getBytes(StandardCharsets.UTF_8))), StandardCharsets.UTF_8);
    }
}
