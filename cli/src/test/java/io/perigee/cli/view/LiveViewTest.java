package io.perigee.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final JobStory.Money MONEY = new JobStory.Money(6, "ptUSD");
    private static final String NASTY = "no\u001B]52;c;eA==\u0007\r\u001B[2K accepted \u001B[32m\n\u202Etxt";

    @Test
    void shouldPrintALineForEachThingThatHappensWhenNobodyLooks() {
        // given
        var terminal = new PaperTerminal();

        // when
        try (var view = new LiveView(terminal, Instant::now, MONEY)) {
            SampleStory.honest().forEach(view::show);
            assertThat(view.story().over()).isTrue();
            assertThat(view.story().outcome()).contains(Outcome.ACCEPTED);
        }

        // then
        assertThat(terminal.text().lines())
                .anyMatch(line -> line.contains("funded") && line.contains("2.5 ptUSD reserved for it at block 12"))
                .anyMatch(line -> line.contains("replica 0 step 4/8, loss"))
                .anyMatch(line -> line.contains("replica 1 sealed its last border, 4"))
                .anyMatch(line -> line.contains("2 owners agree: root 0x"))
                .anyMatch(line -> line.contains("settled") && line.contains("1.6808 ptUSD given back"))
                .noneMatch(line -> line.contains("\u001B"));
    }

    @Test
    void shouldDrawEveryStageDoneAtTheEnd() {
        // when
        var picture = picture(SampleStory.honest());

        // then
        for (var stage : Stage.values()) {
            assertThat(picture).anyMatch(line -> line.startsWith("  ✔ " + stage.label()));
        }
        assertThat(picture).filteredOn(line -> line.contains("verified")).hasSize(2);
        assertThat(picture).allMatch(line -> Ink.width(line) < 100);
    }

    @Test
    void shouldTellAnAuditInALineEachAndDrawEveryStageDone() {
        // given
        var terminal = new PaperTerminal();

        // when
        try (var view = new LiveView(terminal, Instant::now, MONEY)) {
            SampleStory.audited().forEach(view::show);
        }
        var picture = picture(SampleStory.audited());

        // then
        assertThat(terminal.text().lines())
                .anyMatch(line -> line.contains("one run, audited"))
                .anyMatch(line -> line.contains("block 40 drew segments [2, 4]"))
                .anyMatch(line -> line.contains("replica 0 served the checkpoint of border 1"))
                .anyMatch(line -> line.contains("auditor 1, owner 0x") && line.contains("runs border 1 to 2 again"))
                .anyMatch(line -> line.contains("auditor 1 opened its seal"));
        for (var stage : Stage.values()) {
            assertThat(picture).anyMatch(line -> line.startsWith("  ✔ " + stage.label()));
        }
        assertThat(picture).allMatch(line -> Ink.width(line) < 100);
    }

    @Test
    void shouldDrawBarsAndThePlotWhileTraining() {
        // given
        var events = SampleStory.honest();
        var half = events.stream()
                .filter(event -> event.kind().equals("progress"))
                .limit(5)
                .toList()
                .getLast();

        // when
        var picture = picture(events.subList(0, events.indexOf(half) + 1));

        // then
        assertThat(picture)
                .anyMatch(line -> line.contains("replica 0")
                        && line.contains("5/8")
                        && line.contains("█")
                        && line.contains("ETA 0:03"));
        assertThat(picture).anyMatch(line -> line.contains("3.400 ┤"));
        assertThat(picture).anyMatch(line -> line.startsWith("  ○ verdict"));
    }

    @Test
    void shouldNameTheCheater() {
        // when
        var picture = picture(SampleStory.cheated());

        // then
        assertThat(picture).anyMatch(line -> line.contains("the roots differ at border 4"));
        assertThat(picture).anyMatch(line -> line.contains("replica 1") && line.contains("rejected"));
        assertThat(picture)
                .anyMatch(line -> line.contains("replica 1 of owner 0x")
                        && line.contains("is proven wrong; its bond of 0.4096 ptUSD burns with the payment"));
        assertThat(picture)
                .anyMatch(line ->
                        line.contains("replica 1 loses its bond of 0.4096 ptUSD, burned of the stake of owner 0x"));
        assertThat(picture)
                .filteredOn(line -> line.contains("replica 2 ") && line.contains("verified"))
                .hasSize(1);
    }

    @Test
    void shouldRedrawInPlaceForAPerson() {
        // given
        var terminal = new PaperTerminal(true);
        var clock = new Object() {
            Instant now = Instant.parse("2026-03-01T12:00:00Z");
        };

        // when
        try (var view = new LiveView(terminal, () -> clock.now, MONEY)) {
            for (var event : SampleStory.honest()) {
                clock.now = event.at();
                view.show(event);
            }
        }

        // then
        assertThat(terminal.text()).contains("\u001B[2K").contains("A\r\u001B[2K");
    }

    @Test
    void shouldPrintNothingOfAProvidersThatATerminalObeys() {
        // given
        var terminal = new PaperTerminal();

        // when
        try (var view = new LiveView(terminal, Instant::now, MONEY)) {
            SampleStory.refused(NASTY).forEach(view::show);
        }

        // then
        assertThat(terminal.text())
                .contains("replica 0 declined: no", "auditor 1 signed nothing: no")
                .doesNotContainPattern("[\\p{Cntrl}\u202E&&[^\n]]");
    }

    @Test
    void shouldDrawNothingOfAProvidersThatATerminalObeys() {
        // given
        var terminal = new PaperTerminal(true) {
            @Override
            public boolean colour() {
                return true;
            }
        };

        // when
        try (var view = new LiveView(terminal, Instant::now, MONEY)) {
            SampleStory.refused(NASTY).forEach(view::show);
        }

        // then: what is drawn in place, and our colours
        assertThat(terminal.text()).contains("declined: no").doesNotContain("accepted \u001B[32m");
        assertThat(terminal.text().replaceAll("\u001B\\[(\\d+A|J|[0-9]+m)|\r\u001B\\[2K", ""))
                .doesNotContainPattern("[\\p{Cntrl}\u202E&&[^\n]]");
        assertThat(terminal.text()).doesNotContain("\r\u001B[2K accepted");
    }

    @Test
    void shouldSurviveEventsOfANewerHub() {
        // given
        var story = new JobStory(MONEY);

        // when
        var lines = story.apply(new JobEvent(
                1,
                "JobBlessed",
                Instant.EPOCH,
                io.perigee.protocol.codec.Json.mapper().createObjectNode()));

        // then
        assertThat(lines).isEmpty();
    }

    private static List<String> picture(List<JobEvent> events) {
        var view = new LiveView(new PaperTerminal(true), Instant::now, MONEY);
        events.forEach(event -> view.story().apply(event));
        return view.picture(events.getLast().at());
    }
}
