package io.perigee.devstack.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.Checkout;
import io.perigee.testkit.process.Directories;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrainerImageIT {
    @Test
    void shouldMakeTheImageOnceAndFindItAgain() {
        // given
        Path state = Directories.temporary("perigee-image-");
        try {
            var first = TrainerImage.strict(Checkout.find(), state);

            // when
            var second = TrainerImage.strict(Checkout.find(), state);

            // then
            assertThat(Files.exists(first.archive().orElseThrow())).isTrue();
            assertThat(first.reused()).isFalse();
            assertThat(second.reused()).isTrue();
            assertThat(second.image()).isEqualTo(first.image());
        } finally {
            Directories.delete(state);
        }
    }
}
