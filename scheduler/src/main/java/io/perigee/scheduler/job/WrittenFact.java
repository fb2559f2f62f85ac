package io.perigee.scheduler.job;

import io.perigee.protocol.fact.Envelope;

/**
 * A fact and its bytes: it is stored and sent as the same ones.
 *
 * @param json of the envelope; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WrittenFact(Envelope envelope, byte[] json) {
    static WrittenFact of(Envelope envelope) {
        return new WrittenFact(envelope, envelope.toJson());
    }
}
