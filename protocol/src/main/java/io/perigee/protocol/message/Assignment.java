package io.perigee.protocol.message;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;

/**
 * The hub's signed word, and lease, for one attempt.
 *
 * @param orderHash digest of the {@link JobOrder}, domain included
 * @param attempt counts a job's assignments from 0
 * @param owner who stands behind the provider, is paid and is liable
 * @param fromBorder where the work starts; liability starts after it
 * @param toBorder where it ends
 * @param price what the whole way from fromBorder to toBorder earns
 * @param bond what a proven contradiction costs the owner
 * @param secretHash the hub's committed secret for the draw; 0 when the policy draws nothing
 * @param issuedAt epoch seconds
 * @param leaseUntil epoch seconds by which the commitment must be receipted or recorded on chain
 */
public record Assignment(
        Digest orderHash,
        int attempt,
        ProviderId provider,
        Address owner,
        Role role,
        int fromBorder,
        int toBorder,
        Digest numericClass,
        Amount price,
        Amount bond,
        Digest secretHash,
        long issuedAt,
        long leaseUntil)
        implements Signed {
    private static final Digest TYPE = Domain.type(
            "Assignment(bytes32 orderHash,uint32 attempt,bytes32 provider,address owner,uint8 role,uint32 fromBorder,"
                    + "uint32 toBorder,bytes32 numericClass,uint256 price,uint256 bond,bytes32 secretHash,uint64 issuedAt,"
                    + "uint64 leaseUntil)");

    public Assignment {
        Unsigned.require("attempt", attempt);
        Unsigned.require("fromBorder", fromBorder);
        Unsigned.require("toBorder", toBorder);
        Unsigned.require("issuedAt", issuedAt);
        Unsigned.require("leaseUntil", leaseUntil);
    }

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .digest(orderHash)
                .number(attempt)
                .provider(provider)
                .address(owner)
                .number(role.code())
                .number(fromBorder)
                .number(toBorder)
                .digest(numericClass)
                .amount(price)
                .amount(bond)
                .digest(secretHash)
                .number(issuedAt)
                .number(leaseUntil)
                .keccak();
    }

    /** ⌊price·(border−fromBorder)/(toBorder−fromBorder)⌋; an assignment without borders earns all or nothing. */
    public Amount earnedAt(int border) {
        if (toBorder == fromBorder) {
            return border == toBorder ? price : Amount.ZERO;
        }
        if (border <= fromBorder) {
            return Amount.ZERO;
        }
        return price.mulDivFloor(Math.min(border, toBorder) - (long) fromBorder, toBorder - (long) fromBorder);
    }
}
