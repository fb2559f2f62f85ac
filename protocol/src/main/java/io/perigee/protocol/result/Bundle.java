package io.perigee.protocol.result;

import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;
import java.util.List;

/**
 * The proof of a finished job: what {@code perigee verify} needs, offline, with the hub gone.
 *
 * @param outcome "accepted", "failed", "cancelled" or "expired"
 * @param transactions hashes of the settlement's transactions, for whoever wants to look on chain
 */
public record Bundle(
        int version,
        Domain domain,
        JobSpec spec,
        JobOrder order,
        Signature orderSignature,
        String outcome,
        Payable payable,
        List<String> transactions) {
    public static final int VERSION = 1;

    public Bundle {
        transactions = List.copyOf(transactions);
    }
}
