package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.signer.SignerServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The service without a key of its own. */
class SignerIT {
    @Test
    void shouldPayByARemoteSignerAndWaitWhileItIsAway() throws IOException, InterruptedException {
        try (var market = Market.live();
                var log = new JobLog(TestServers.broker().bootstrap())) {
            // given
            var service = new Service(market, 2);
            var signer = service.withSigner();
            var story = Story.aJob(market);
            var owner = market.owners.getFirst().address();
            var before = market.balance(owner);
            try (signer;
                    var settlement = service.start()) {
                log.say(story.submitted());
                log.await(story.job, JobFunded.class);
                var readyBefore = ready(settlement);
                signer.manner(SignerServer.Manner.FAILING);

                // when
                log.say(new ResultAccepted(story.job, story.agreed()));
                Await.until(
                        JobLog.PATIENCE,
                        () -> settlement.vitals().signerTroubles() > 1,
                        () -> "Expected the writer to ask the signer, but it did not");
                var readyWhileAway = ready(settlement);
                var sentWhileAway = log.all(story.job, SettlementSent.class);
                signer.manner(SignerServer.Manner.STEADY);
                log.await(story.job, JobSettled.class);

                // then
                assertThat(readyBefore).contains("\"signer\":\"UP\"");
                assertThat(readyWhileAway).contains("\"signer\":\"DOWN\"");
                assertThat(sentWhileAway).isEmpty();
                assertThat(market.balance(owner)).isEqualTo(before.plus(Amount.of(Story.PRICE)));
            }
        }
    }

    private static String ready(Settlement settlement) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + settlement.opsPort() + "/health/ready");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
