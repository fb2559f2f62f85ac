package io.perigee.cli.court;

import io.perigee.cli.ethereum.CourtBook;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;

/**
 * A judge's vote before anybody sees it. Without the salt it cannot be revealed, and the ticket is lost.
 *
 * @param vote the leaf that the judge came to
 */
record Ballot(Place place, Digest vote, Digest salt) {
    /**
     * Whose vote it is about what. A chain that is made anew has the same contracts at the same addresses, and counts its cases
     * from the start: so the chain and the leaf that is accused belong to it.
     *
     * @param round which of the case's courts
     */
    record Place(long chainId, Address court, long id, Digest accused, int round, int seat, Address judge) {}

    Digest commitment() {
        return CourtBook.commitment(place.id(), place.judge(), vote, salt);
    }
}
