package io.perigee.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.artifact.ByteRange.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,1",
        "bytes=10-19,10,10",
        "bytes=90-,90,10",
        "bytes=90-500,90,10",
        "bytes=-5,95,5",
        "bytes=-500,0,100"
    })
    void shouldReadOneRange(String header, long first, long length) {
        assertThat(ByteRange.parse(header, 100)).isEqualTo(new Asked.Part(new ByteRange(first, length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
    void shouldSayWhenNothingOfItIsThere(String header) {
        assertThat(ByteRange.parse(header, 100)).isEqualTo(new Asked.Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes=-",
                "bytes=5-3",
                "bytes=0-1,3-4",
                "lines=1-2",
                "bytes=a-b",
                "bytes=9999999999999999999-"
            })
    void shouldSendEverythingWhenItDoesNotUnderstand(String header) {
        assertThat(ByteRange.parse(header, 100)).isEqualTo(new Asked.Everything());
    }

    @Test
    void shouldSendEverythingWhenNothingWasAsked() {
        assertThat(ByteRange.parse(null, 100)).isEqualTo(new Asked.Everything());
    }
}
