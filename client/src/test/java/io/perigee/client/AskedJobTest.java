package io.perigee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The adversary is a hub that would like another order signed than the one for the job it was shown. */
class AskedJobTest {
    private static final Address SOMEBODY = Address.parse("0x" + "ab".repeat(20));

    private final FakeHub hub = new FakeHub();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldTakeAQuoteOfTheJobThatWasAskedFor() {
        // given
        quotes(job("2.50"));

        // when
        try (var client = hub.client()) {
            var quote = client.quote(job("2.50"));

            // then
            assertThat(quote.spec().price().max()).isEqualTo(Amount.of(2_500_000));
        }
    }

    @Test
    void shouldRefuseAQuoteThatCouldCostMore() {
        quotes(job("2500"));
        refuses(job("2.50"), "price.max is 2500000000 instead of 2500000");
    }

    @Test
    void shouldRefuseAQuoteOfOtherWork() {
        // given
        var other = job("2.50");
        other.put("dataset", "sha256:" + "e".repeat(64));

        // when / then
        quotes(other);
        refuses(job("2.50"), "it differs");
    }

    @Test
    void shouldRefuseAQuoteOfAJobThatItCannotReadItself() {
        // given
        var odd = job("2.50");
        odd.remove("price");

        // when / then
        quotes(job("2.50"));
        refuses(odd, "would not let 'price.max' pass");
    }

    private void refuses(ObjectNode asked, String why) {
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.quote(asked))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.code()).contains(ErrorCode.ORDER_MISMATCH))
                    .hasMessageContaining(why);
        }
    }

    private void quotes(ObjectNode job) {
        var spec = ((SpecParser.Result.Valid) SpecParser.parse(job, NAMES)).spec();
        hub.on("/quotes", exchange -> FakeHub.json(exchange, 200, quote(spec)))
                .on(
                        "/hub",
                        exchange -> FakeHub.json(
                                exchange,
                                200,
                                new HubInfo(
                                        SOMEBODY, 31337, SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, "ptUSD", 6, 5, 3600,
                                        "", List.of())));
    }

    private static Quote quote(JobSpec spec) {
        var order = new JobOrder(
                SOMEBODY,
                SOMEBODY,
                JobId.parse("0198f3a1-b2c4-7d8e-9fa0-b1c2d3e4f506"),
                Digest.ZERO,
                SOMEBODY,
                spec.price().max(),
                spec.borders(),
                2,
                false,
                0,
                1);
        return new Quote(
                spec,
                Digest.ZERO,
                spec.borders(),
                1,
                2,
                2,
                Amount.of(1),
                Amount.of(3),
                order,
                List.of(),
                null,
                List.of(),
                Instant.EPOCH);
    }

    private static ObjectNode job(String most) {
        return Json.read("""
                {"name": "a", "trainer": "strict", "base": "sha256:%s", "dataset": "dataset://mine@sha256:%s",
                 "method": {"kind": "lora", "r": 8, "targets": ["q_proj"]},
                 "train": {"steps": 8, "seqLen": 64, "lr": "2e-3"}, "price": {"max": "%s"}}
                """.formatted("b".repeat(64), "d".repeat(64), most), ObjectNode.class);
    }

    private static final SpecResolver NAMES = new SpecResolver() {
        @Override
        public Optional<Trainer> trainer(String name) {
            return Optional.of(new Trainer(ContentId.parse("sha256:" + "1".repeat(64))));
        }

        @Override
        public Optional<ContentId> model(String reference) {
            return Optional.empty();
        }

        @Override
        public Optional<ContentId> dataset(String reference) {
            return Optional.of(ContentId.parse("sha256:" + "d".repeat(64)));
        }

        @Override
        public int tokenDecimals() {
            return 6;
        }
    };
}
