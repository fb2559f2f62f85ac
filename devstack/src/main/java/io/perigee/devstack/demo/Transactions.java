package io.perigee.devstack.demo;

import io.perigee.testkit.chain.Anvil;
import java.util.ArrayList;
import java.util.List;

/** Receipts of the settlement's transactions. */
final class Transactions {
    private Transactions() {}

    /** One mined transaction. */
    record Mined(String hash, long block, long gasUsed, boolean succeeded) {}

    static List<Mined> of(Anvil chain, List<String> hashes) {
        var mined = new ArrayList<Mined>();
        for (String hash : hashes) {
            var receipt = chain.call("eth_getTransactionReceipt", hash);
            mined.add(new Mined(
                    hash,
                    Long.decode(receipt.path("blockNumber").asText("0x0")),
                    Long.decode(receipt.path("gasUsed").asText("0x0")),
                    receipt.path("status").asText().equals("0x1")));
        }
        return mined;
    }
}
