package io.perigee.testkit.process;

import java.time.Duration;
import java.util.Map;

/** How long a part that starts is waited for while its process lives. */
public final class Patience {
    /** Names another patience, in whole minutes. */
    public static final String VARIABLE = "PERIGEE_PATIENCE";

    private static final int USUAL = 10;
    private static final int LONGEST = 24 * 60;

    private Patience() {}

    /** Of this process. Generous: what fails ends its process, and that is seen at once. */
    public static Duration start() {
        return of(System.getenv());
    }

    /**
     * Ten minutes, or what the environment names.
     *
     * @throws IllegalArgumentException when it names no whole number of minutes from 1 to a day's
     */
    public static Duration of(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "").strip();
        if (named.isEmpty()) {
            return Duration.ofMinutes(USUAL);
        }
        if (named.matches("[1-9][0-9]{0,3}") && Integer.parseInt(named) <= LONGEST) {
            return Duration.ofMinutes(Integer.parseInt(named));
        }
        throw new IllegalArgumentException(
                "Expected %s to be minutes from 1 to %d, but it is '%s'".formatted(VARIABLE, LONGEST, named));
    }
}
