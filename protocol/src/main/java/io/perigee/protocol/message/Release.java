package io.perigee.protocol.message;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;

/** The builder pays an attempt of its own will, without evidence. */
public record Release(Digest orderHash, Digest assignmentHash, Address payee, Amount amount) implements Signed {
    private static final Digest TYPE =
            Domain.type("Release(bytes32 orderHash,bytes32 assignmentHash,address payee,uint256 amount)");

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .digest(orderHash)
                .digest(assignmentHash)
                .address(payee)
                .amount(amount)
                .keccak();
    }
}
