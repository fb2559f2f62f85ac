package io.perigee.cli.provider;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;

/** The owner's word for an agent, as {@code enrolment.json} in the agent's home. */
record Enrolment(SessionKey sessionKey, Signature ownerSignature, String hubUrl, long chainId, Address escrow) {}
