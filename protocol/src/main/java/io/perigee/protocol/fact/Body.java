package io.perigee.protocol.fact;

/** What an {@link Envelope} can carry: a fact or a command. */
public interface Body {
    /** Orders the log: records of one key stay in order. */
    String key();

    /** The topic it travels on. */
    String topic();
}
