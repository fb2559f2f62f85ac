package io.perigee.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.UploadRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String ID = "sha256:" + "a".repeat(64);

    @Test
    void shouldWriteInstantsAsRfc3339AndReadAnyOffset() {
        // given
        var json = "{\"nonce\":\"n\",\"message\":\"m\",\"expiresAt\":\"2026-01-31T14:00:00+02:00\"}";

        // when
        var challenge = Json.read(json, Challenge.class);

        // then
        assertThat(challenge.expiresAt()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(Json.text(challenge)).contains("\"2026-01-31T12:00:00Z\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "nul",
                "[]",
                "1",
                "{}",
                "{\"sha256\":null,\"size\":1,\"mediaType\":\"x\"}",
                "{\"sha256\":\"%s\",\"size\":1}",
                "{\"sha256\":\"%s\",\"size\":\"1\",\"mediaType\":\"x\"}",
                "{\"sha256\":\"%s\",\"size\":1.0,\"mediaType\":\"x\"}",
                "{\"sha256\":\"%s\",\"size\":null,\"mediaType\":\"x\"}",
                "{\"sha256\":\"%s\",\"size\":9223372036854775808,\"mediaType\":\"x\"}",
                "{\"sha256\":\"%s\",\"size\":1,\"mediaType\":7}",
                "{\"sha256\":\"%s\",\"size\":1,\"mediaType\":\"x\",\"more\":1}",
                "{\"sha256\":\"%s\",\"size\":1,\"size\":2,\"mediaType\":\"x\"}",
                "{\"sha256\":\"%s\",\"size\":1,\"mediaType\":\"x\"} {}",
                "{\"sha256\":\"sha256:short\",\"size\":1,\"mediaType\":\"x\"}",
            })
    void shouldRefuseWhatDoesNotFitTheType(String json) {
        assertThatThrownBy(() -> Json.read(json.formatted(ID), UploadRequest.class))
                .isInstanceOf(InvalidValue.class)
                .hasMessageStartingWith("Expected to read UploadRequest, but ")
                .message()
                .doesNotContain("io.perigee", "com.fasterxml", "java.", "(token", "creator", "coerc", "(index", "''");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|there is nothing",
                "[]|it is a list, which does not fit here",
                "{}|'sha256' is missing",
                "{\"sha256\":null}|'sha256' is missing",
                "{\"size\":\"1\"}|'size' is a text, which does not fit here",
                "{\"size\":[]}|'size' is a list, which does not fit here",
                "{\"size\":{}}|'size' is a mapping, which does not fit here",
                "{\"size\":true}|'size' is true or false, which does not fit here",
                "{\"mediaType\":7}|'mediaType' is a whole number, which does not fit here",
                "{\"sha256\":\"%s\",\"size\":1,\"mediaType\":\"x\",\"colour\":7}|the key 'colour' is unknown",
                "{\"sha256\":\"%s\",\"size\":1,\"mediaType\":\"x\"} 1|there is more after its end",
                "{\"size\":NaN}|it is not JSON: Non-standard token 'NaN'",
            })
    void shouldSayWhatIsWrongInPlainWords(String json, String words) {
        assertThatThrownBy(() -> Json.read(json.formatted(ID), UploadRequest.class))
                .hasMessage("Expected to read UploadRequest, but " + words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\u0000", "a\\u0000b", "\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800", "\\ud800\\ud800"})
    void shouldRefuseTextThatCannotBeKept(String text) {
        for (var json : List.of("\"%s\"", "[\"x\",\"%s\"]", "{\"%s\":1}", "{\"a\":{\"b\":\"%s\"}}")) {
            assertThatThrownBy(() -> Json.parse(json.formatted(text).getBytes(StandardCharsets.UTF_8)))
                    .as(json)
                    .isInstanceOf(InvalidValue.class);
        }
        var request = "{\"sha256\":\"%s\",\"size\":1,\"mediaType\":\"%s\"}".formatted(ID, text);
        assertThatThrownBy(() -> Json.read(request, UploadRequest.class)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldKeepItsRulesInCopies() {
        assertThatThrownBy(() -> Json.mapper().copy().readTree("\"\\u0000\"")).hasMessageContaining("U+0000");
    }

    @Test
    void shouldKeepWholePairsAndOtherControls() {
        // given
        var text = "😀\u0001\t😀";

        // when
        var read = Json.parse(Json.bytes(text));

        // then
        assertThat(read.textValue()).isEqualTo(text);
    }

    @Test
    void shouldNameThePlaceOfTheFault() {
        var json = "{\"sha256\":\"nonsense\",\"size\":1,\"mediaType\":\"x\"}";
        assertThatThrownBy(() -> Json.read(json, UploadRequest.class))
                .hasMessageContaining("'sha256'")
                .hasMessageContaining("64 lower-case hex");
    }

    @Test
    void shouldRefuseNullsInLists() {
        assertThatThrownBy(() -> Json.read("{\"items\":[null]}", JobPage.class)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldAllowAbsenceOnlyWhereTheTypeDoes() {
        assertThat(Json.read("{\"items\":[]}", JobPage.class).nextCursor()).isNull();
        assertThat(Json.read("{\"items\":[],\"nextCursor\":null}", JobPage.class)
                        .nextCursor())
                .isNull();
    }

    @Test
    void shouldBoundTheDepth() {
        var deep = "[".repeat(Json.MAX_DEPTH + 1) + "]".repeat(Json.MAX_DEPTH + 1);
        assertThatThrownBy(() -> Json.parse(deep.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("deeper");
    }

    @Test
    void shouldBoundTheSize() {
        var large = new byte[Json.MAX_DOCUMENT_BYTES + 100_000];
        java.util.Arrays.fill(large, (byte) ' ');
        large[large.length - 1] = '1';
        assertThatThrownBy(() -> Json.parse(large)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldRefuseNegativeNumbersInMessages() {
        var json = "{\"assignmentHash\":\"0x%1$s\",\"toBorder\":-1,\"seal\":\"0x%1$s\"}".formatted("0".repeat(64));
        assertThatThrownBy(() -> Json.read(json, Commitment.class))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("negative");
    }
}
