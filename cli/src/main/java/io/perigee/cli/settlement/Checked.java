package io.perigee.cli.settlement;

import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.Finding;
import java.util.List;

/** What an epoch's file says about its post. */
sealed interface Checked {
    /** The file's lines come to all that was posted. */
    record True(EpochLedger ledger) implements Checked {}

    /** The file is the post's, and shows what is wrong with it. */
    record False(EpochLedger ledger, List<Finding> findings) implements Checked {
        public False {
            findings = List.copyOf(findings);
        }
    }

    /** There is no file of this post: none at all, or one with other lines. */
    record Withheld(String why) implements Checked {}
}
