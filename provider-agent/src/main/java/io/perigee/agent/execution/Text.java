package io.perigee.agent.execution;

import io.perigee.protocol.codec.PlainText;

/** A stranger's text, made fit to be logged, stored and shown. */
final class Text {
    private Text() {}

    /** One line of plain text; ends are stripped, and the length is bounded. */
    static String bounded(String text, int most) {
        // a text of megabytes is not copied; two more than may stay show that it is longer, even where the cut halves a
        // pair
        var stripped = PlainText.line(text.substring(0, Math.min(text.length(), most + 2)))
                .strip();
        if (stripped.length() <= most) {
            return stripped;
        }
        int end = Character.isHighSurrogate(stripped.charAt(most - 2)) ? most - 2 : most - 1;
        return stripped.substring(0, end) + "…";
    }
}
