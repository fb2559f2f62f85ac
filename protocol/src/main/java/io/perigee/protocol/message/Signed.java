package io.perigee.protocol.message;

import io.perigee.protocol.id.Digest;

/** A message of docs/protocol.md that somebody signs as EIP-712 typed data. */
public sealed interface Signed
        permits Acceptance, Assignment, Commitment, JobOrder, Receipt, Release, SessionKey, Verdict {

    /** EIP-712's hashStruct: the message without the domain. */
    Digest structHash();

    /** The full digest, domain included: what is signed, and the message's name everywhere else. */
    default Digest digest(Domain domain) {
        return domain.digest(structHash());
    }
}
