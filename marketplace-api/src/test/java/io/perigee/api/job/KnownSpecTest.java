package io.perigee.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KnownSpecTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @Test
    void shouldSayOfARequestWhatTheWholeOfItSays() {
        // given
        var spec = SampleJobs.lora(2);
        var order = SampleJobs.order(new JobId(Uuid7.of(NOW, new byte[Uuid7.RANDOM_BYTES])), spec, NOW, 3_600);
        var request =
                new SubmitRequest(spec, order, SampleJobs.submitted(order, spec).orderSignature());

        // when
        var known = new KnownSpec(spec);

        // then
        assertThat(Intake.bodyHash(request, known.canonical()))
                .isEqualTo(Sha256.of(CanonicalJson.bytes(request)).hex());
        assertThat(known.hash()).isEqualTo(SpecHash.of(spec));
    }

    @Test
    void shouldAskOnceWhatASpecCosts() {
        // given
        var known = new KnownSpec(SampleJobs.lora(2));
        var offers = List.<OfferView>of();
        var asked = new AtomicInteger();

        // when
        for (int i = 0; i < 3; i++) {
            known.maximum(Parties.BUILDER.address(), offers, () -> Amount.of(asked.incrementAndGet()));
        }

        // then
        assertThat(asked).hasValue(1);
    }

    @Test
    void shouldAskAgainWhatItCostsAnotherBuilderOrByOtherOffers() {
        // given
        var known = new KnownSpec(SampleJobs.lora(2));
        var offers = new ArrayList<OfferView>();
        var asked = new AtomicInteger();
        known.maximum(Parties.BUILDER.address(), offers, () -> Amount.of(asked.incrementAndGet()));

        // when
        var another = known.maximum(Parties.HUB.address(), offers, () -> Amount.of(asked.incrementAndGet()));
        var other = known.maximum(Parties.HUB.address(), new ArrayList<>(), () -> Amount.of(asked.incrementAndGet()));

        // then
        assertThat(another).isEqualTo(Amount.of(2));
        assertThat(other).isEqualTo(Amount.of(3));
    }

    @Test
    void shouldRememberNoSpecOfManyMegabytes() {
        // given
        var specs = new KnownSpecs();
        var usual = SampleJobs.lora(2);
        var json = (ObjectNode) Json.tree(usual);
        var regions = ((ObjectNode) json.get("placement")).putArray("regions");
        for (int i = 0; i < 100_000; i++) {
            regions.add("");
        }
        var large = Json.read(json, JobSpec.class);

        // when
        var first = specs.of(large);

        // then
        assertThat(specs.of(large)).isNotSameAs(first);
        assertThat(specs.of(usual)).isSameAs(specs.of(usual));
    }
}
