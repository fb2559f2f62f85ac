package io.perigee.cli.view;

import java.io.PrintWriter;
import java.util.Optional;

/** Where a command writes and whom it may ask. The program has one; tests and the demo bring their own. */
public interface Terminal {
    PrintWriter out();

    PrintWriter err();

    /** Columns; at least 40. */
    int width();

    /** Rows; used to decide whether a live view fits. */
    int height();

    /** Whether a person looks at it, so that lines may be redrawn. */
    boolean interactive();

    boolean colour();

    /** The same of what is written to {@link #err()}, which may go elsewhere. */
    default boolean errorColour() {
        return colour();
    }

    /** Whether it shows more than ASCII. */
    boolean unicode();

    /** Asks for a secret without showing it; empty when there is nobody to ask. */
    Optional<String> secret(String question);

    /** Asks for yes or no; false when there is nobody to ask. */
    boolean confirm(String question);
}
