package io.perigee.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Amount;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawingTest {
    private final Ink ink = new Ink(new PaperTerminal());

    @Test
    void shouldFillBarsByTheShareDone() {
        assertThat(Bar.of(ink, 0, 8, 8)).isEqualTo("────────");
        assertThat(Bar.of(ink, 4, 8, 8)).isEqualTo("████────");
        assertThat(Bar.of(ink, 8, 8, 8)).isEqualTo("████████");
        assertThat(Bar.of(ink, 99, 8, 8)).isEqualTo("████████");
        assertThat(Bar.of(ink, 1, 0, 4)).isEqualTo("────");
        for (int i = 0; i <= 100; i++) {
            assertThat(Ink.width(Bar.of(ink, i, 100, 13))).isEqualTo(13);
        }
    }

    @Test
    void shouldPlotFromHighLeftToLowRight() {
        // when
        var lines = new LossPlot(ink, 10, 2).lines(new double[] {4, 3, 2, 1}, 4, "");

        // then
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("   4.000 ┤").doesNotEndWith("┤");
        assertThat(lines.getLast()).startsWith("   1.000 ┤");
    }

    @Test
    void shouldPlotNothingWithoutValues() {
        assertThat(new LossPlot(ink, 10, 2).lines(new double[] {Double.NaN}, 4, ""))
                .isEmpty();
    }

    @Test
    void shouldCutToWidthAndCloseColours() {
        var colourful = new Ink(new PaperTerminal());
        assertThat(colourful.cut("abcdef", 4)).isEqualTo("abc…");
        assertThat(colourful.cut("abc", 4)).isEqualTo("abc");
        assertThat(Ink.width(colourful.cut("\u001B[31mabcdefgh\u001B[0m", 5))).isEqualTo(5);
    }

    @Test
    void shouldAlignTables() {
        var lines = new Table(ink, "name", ">price")
                .row("a", "1")
                .row("long name", "1000")
                .lines("");
        assertThat(lines).containsExactly("name        price", "a               1", "long name    1000");
    }

    @ParameterizedTest
    @CsvSource({"0,0.0s", "12345,12.3s", "61000,1m 01s", "3661000,1h 01m"})
    void shouldSayDurationsShortly(long millis, String text) {
        assertThat(Words.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "999,999 B", "1000,1.0 kB", "4310000,4.3 MB", "999999,1.0 MB"})
    void shouldSaySizesShortly(long bytes, String text) {
        assertThat(Words.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void shouldWriteMoneyInTokens() {
        assertThat(Words.money(Amount.of(2_500_000), 6, "ptUSD")).isEqualTo("2.5 ptUSD");
    }
}
