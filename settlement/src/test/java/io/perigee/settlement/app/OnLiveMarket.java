package io.perigee.settlement.app;

import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.testkit.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One chain that makes blocks by itself for all tests of a class, and what is said of its jobs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnLiveMarket {
    Market market;
    JobLog log;

    @BeforeAll
    void openMarket() {
        market = Market.live();
        log = new JobLog(TestServers.broker().bootstrap());
    }

    @AfterAll
    void closeMarket() {
        log.close();
        market.close();
    }
}
