package io.perigee.agent.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClassAnswerTest {
    private static final ContentId IMAGE = ContentId.parse("sha256:" + "1".repeat(64));
    private static final ContentId OTHER = ContentId.parse("sha256:" + "2".repeat(64));

    private static String answer(String kernels, String madeOf) {
        return "{\"version\":1,\"classes\":[{\"kernels\":\"%s\",\"gpu\":false,\"flopsPerSecond\":7,\"madeOf\":%s}]}"
                .formatted(kernels, madeOf);
    }

    @Test
    void shouldReadTheLastLineThatIsJson() {
        // when
        var classes = ClassAnswer.read(IMAGE, List.of("loading", answer("avx2", "{\"mkl\":\"2024.2\"}"), "done"));

        // then
        assertThat(classes).singleElement().satisfies(read -> {
            assertThat(read.image()).isEqualTo(IMAGE);
            assertThat(read.kernels()).isEqualTo("avx2");
            assertThat(read.gpu()).isFalse();
            assertThat(read.flopsPerSecond()).isEqualTo(7);
        });
    }

    @Test
    void shouldNameAClassByEverythingThatDecidesItsBitsAndNothingElse() {
        // given
        var parts = "{\"mkl\":\"2024.2\",\"torch\":\"2.15.0\"}";
        var turned = "{\"torch\":\"2.15.0\",\"mkl\":\"2024.2\"}";

        // then
        assertThat(digest(IMAGE, answer("avx2", parts))).isEqualTo(digest(IMAGE, answer("avx2", turned)));
        assertThat(List.of(
                        digest(IMAGE, answer("avx2", parts)),
                        digest(IMAGE, answer("avx512", parts)),
                        digest(OTHER, answer("avx2", parts)),
                        digest(IMAGE, answer("avx2", "{\"mkl\":\"2025.0\",\"torch\":\"2.15.0\"}"))))
                .doesNotHaveDuplicates();
    }

    private static Object digest(ContentId image, String line) {
        return ClassAnswer.read(image, List.of(line)).getFirst().numericClass();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing of the kind",
                "{\"version\":2,\"classes\":[]}",
                "{\"version\":1,\"classes\":{}}",
                "{\"version\":1,\"classes\":[{\"kernels\":\"avx2\",\"madeOf\":{}}]}",
                "{\"version\":1,\"classes\":[{\"kernels\":\"a b\",\"madeOf\":{\"a\":\"b\"}}]}",
                "{\"version\":1,\"classes\":[{\"kernels\":\"avx2\",\"madeOf\":{\"a\":\"b\\nc\"}}]}",
                "{\"version\":1,\"classes\":[1]}",
                "{\"version\":1,\"classes\":[",
            })
    void shouldRefuseWhatIsNoAnswer(String line) {
        assertThatThrownBy(() -> ClassAnswer.read(IMAGE, List.of(line)))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("Expected");
    }
}
