package io.perigee.market.lifecycle;

import java.util.function.Consumer;

/** A job's life, told in a fresh lab, with what must come of it. */
record Story(String name, Consumer<Lab> tell) {
    static Story of(String name, Consumer<Lab> tell) {
        return new Story(name, tell);
    }
}
