package io.perigee.eventlog;

/** Why a record is a dead letter. The names are written to the log and never change. */
public enum DeadReason {
    /** It has no value. */
    EMPTY,
    /** Its value is longer than any envelope may be. */
    TOO_LARGE,
    /** It is no envelope of a known type and version. */
    UNDECODABLE,
    /** Its key is not the envelope's key, so its order means nothing. */
    WRONG_KEY,
    /** The consumer refused it as something that can never be processed. */
    REFUSED,
    /** The consumer failed on it again and again for no reason of the infrastructure's. */
    FAILED
}
