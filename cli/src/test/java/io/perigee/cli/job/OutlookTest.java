package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.cli.view.Ink;
import io.perigee.cli.view.PaperTerminal;
import io.perigee.cli.view.Words;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutlookTest {
    @Test
    void shouldNameEveryPartOfThePeakTheLargestFirst() {
        // given
        var memory = MemoryEstimate.of(500_000_000, 4_000_000, 8_000_000, 1_100_000_000, 0, 800_000_000);

        // when
        var words = Outlook.memory(new Estimate(135_000_000, 1_000_000, memory, 2_653_200_000L, null));

        // then
        assertThat(words)
                .isEqualTo(
                        "about 2.4 GB at the peak: activations 1.1 GB, workspace 800.0 MB, weights 500.0 MB, optimizer 8.0 MB, gradients 4.0 MB");
    }

    @Test
    void shouldSayTheRangeOfTimeAndWhoDoesNotSay() {
        assertThat(Outlook.time(List.of(offer("a", 250L), offer("b", null), offer("c", 90L))))
                .isEqualTo(
                        "about 1m 30s to 4m 10s for one run by the speed of 2 offers, loading not counted; unknown for 1 offer");
        assertThat(Outlook.time(List.of(offer("a", 90L))))
                .isEqualTo("about 1m 30s for one run by the speed of 1 offer, loading not counted");
        assertThat(Outlook.time(List.of(offer("a", null))))
                .isEqualTo("unknown: no offer that fits says how fast it runs this trainer");
    }

    @Test
    void shouldShowWhatWouldFitWhereNobodyHasTheMemory() {
        // given
        var ink = new Ink(new PaperTerminal());
        var memory = MemoryEstimate.of(3_000_000_000L, 0, 0, 0, 0, 0);
        var largest =
                new Estimate.Largest(SampleProvider.of("a").id(), NumericClass.STRICT, "avx512", 2_500_000_000L, 0, 48);
        var spec = SampleJobs.lora(2);

        // when
        var lines = Outlook.whatWouldFit(ink, new Estimate(1, 1, memory, 3_300_000_000L, largest), spec);

        // then
        assertThat(lines)
                .containsExactly(
                        "  too little memory now; roomiest class   memory   microBatch at seqLen 64   seqLen at microBatch 4",
                        "  avx512  %s                     2.5 GB                      none                 up to 48"
                                .formatted(Words.brief(NumericClass.STRICT.value())));
        assertThat(Outlook.whatWouldFit(ink, new Estimate(1, 1, memory, 3_300_000_000L, null), spec))
                .isEmpty();
        assertThat(Outlook.whatWouldFit(ink, null, spec)).isEmpty();
    }

    private static Candidate offer(String name, @Nullable Long seconds) {
        var provider = SampleProvider.of(name);
        return new Candidate(provider.id(), provider.address(), Amount.of(1), seconds);
    }
}
