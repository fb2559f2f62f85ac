package io.perigee.api.gateway;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.session.Origins;
import io.perigee.api.session.RateLimits;
import io.perigee.api.settings.Settings;
import java.time.Clock;
import java.util.Optional;

/** A switchboard of tests that starts nothing, and what it is made of. */
public record SampleBoard(Settings settings, Pulse pulse, Switchboard board) {
    public static SampleBoard of(AgentBook book, Settings settings) {
        var clock = Clock.systemUTC();
        var pulse = new Pulse(book, settings, clock);
        return new SampleBoard(
                settings,
                pulse,
                new Switchboard(
                        book,
                        pulse,
                        _ -> Optional.empty(),
                        new HubFacts(settings),
                        Origins.of(),
                        settings,
                        new RateLimits(),
                        clock));
    }
}
