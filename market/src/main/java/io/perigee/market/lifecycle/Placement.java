package io.perigee.market.lifecycle;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;

/**
 * One provider that matching chose for a job.
 *
 * @param numericClass zero when the work claims no class
 */
public record Placement(
        ProviderId provider,
        Address owner,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        Amount price,
        Digest numericClass) {}
