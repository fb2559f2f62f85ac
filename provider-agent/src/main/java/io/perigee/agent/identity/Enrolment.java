package io.perigee.agent.identity;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.SessionKey;

/**
 * The owner's word for this agent, written to {@code enrolment.json} by {@code perigee provider enroll}.
 *
 * @param sessionKey names the owner, the provider, this agent's key and the one hub it works for
 * @param ownerSignature the owner's signature of it (a contract wallet's word is on chain instead)
 * @param hubUrl where the hub's front door is
 * @param chainId of the chain the owner signed for
 * @param escrow of the escrow the owner signed for
 */
public record Enrolment(SessionKey sessionKey, Signature ownerSignature, String hubUrl, long chainId, Address escrow) {

    /** Where every signature of this agent is good. */
    public Domain domain() {
        return new Domain(chainId, escrow);
    }
}
