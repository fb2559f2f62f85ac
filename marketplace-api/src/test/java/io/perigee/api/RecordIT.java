package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.ClassView;
import io.perigee.protocol.rest.RecordView;
import io.perigee.testkit.Ids;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What builders and owners have shown, as the front door tells it and prices by it. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class RecordIT {
    private final Region region = new Region();
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @AfterEach
    void hangUp() {
        region.close();
    }

    @Test
    void shouldShowABuilderItsRecordWithItsEvidenceAndOthersTheNumbers() {
        // given
        var builder = door.wallet().address();
        var faulty = Ids.jobId();
        tell(new OrderOutcomeNoted(faulty, builder, OrderOutcomeKind.FAULTY, Instant.now()));
        tell(new OrderOutcomeNoted(Ids.jobId(), builder, OrderOutcomeKind.FAULTY, Instant.now()));

        // when
        var own = Door.read(door.get("/record"), RecordView.class);
        var shown = Door.read(RestAssured.get("/api/v1/records/{address}", builder.value()), RecordView.class);

        // then
        assertThat(own.builder().fairness()).isLessThan(Decimal.parse("0.34"));
        assertThat(own.builder().owners()).isEqualTo(1);
        assertThat(own.builder().evidence()).extracting(RecordView.Order::job).contains(faulty);
        assertThat(own.builder().evidence())
                .extracting(RecordView.Order::weight)
                .allMatch(weight -> weight > 999_000);
        assertThat(shown.builder().faulty()).isEqualTo(2);
        assertThat(shown.builder().evidence())
                .as("names of jobs are their builder's")
                .isEmpty();
        assertThat(door.quote(door.spec()).warnings()).anyMatch(warning -> warning.contains("`perigee record`"));
    }

    @Test
    void shouldShowANewcomerAsFair() {
        // when
        var own = Door.read(door.get("/record"), RecordView.class);

        // then
        assertThat(own.builder().fairness()).isEqualTo(Decimal.parse("1"));
        assertThat(own.builder().owners()).isEqualTo(3);
        assertThat(own.owner()).isEmpty();
        assertThat(door.quote(door.spec()).warnings()).noneMatch(warning -> warning.contains("`perigee record`"));
    }

    @Test
    void shouldShowWhatAnOwnerHasShownAndWhatFollows() {
        // given
        var owner = Parties.key("owner " + UUID.randomUUID()).address();
        verified(owner, 10);
        var wrong = Ids.jobId();
        tell(outcome(wrong, owner, OutcomeKind.CRASHED, Instant.now().minusSeconds(60)));

        // when
        var before = Door.read(RestAssured.get("/api/v1/records/{address}", owner.value()), RecordView.class);
        tell(outcome(wrong, owner, OutcomeKind.CHEATED, Instant.now()));

        // then
        var after = new RecordView[1];
        Await.until(
                Log.SOON,
                () -> {
                    after[0] = Door.read(RestAssured.get("/api/v1/records/{address}", owner.value()), RecordView.class);
                    return after[0].owner().getFirst().cheated() == 1;
                },
                () -> "the later word did not replace the earlier one: " + Arrays.toString(after));
        assertThat(before.owner().getFirst().verified()).isEqualTo(10);
        assertThat(before.owner().getFirst().drawn()).isEqualTo(2);
        assertThat(before.owner().getFirst().crashed()).isEqualTo(1);
        assertThat(after[0].owner().getFirst().crashed()).isZero();
    }

    /** Without the record it would find nobody, and quote what the builder pays at most. */
    @Test
    void shouldQuoteAJobForTheKnownByThoseWhoAreKnown() {
        // given two that are known, and one that is not and asks less
        connect(1_000, true);
        connect(2_000, true);
        connect(500, false);

        // when
        var anybody = door.quote(spec("0"));
        var known = door.quote(spec("0.8"));

        // then
        assertThat(anybody.candidates()).hasSize(3);
        assertThat(known.candidates())
                .extracting(Candidate::provider)
                .containsExactly(region.provider(0).id(), region.provider(1).id());
        assertThat(known.warnings()).noneMatch(warning -> warning.contains("none fit now"));
        assertThat(known.pricePerReplica())
                .isEqualTo(known.candidates().getLast().price());
    }

    /** As matching does: the convicted are not placed, and who drops most comes after everybody else. */
    @Test
    void shouldQuoteByWhatOwnersHaveShown() {
        // given
        connect(1_000, false);
        connect(2_000, false);
        connect(500, false);
        connect(600, false);
        tell(outcome(Ids.jobId(), region.provider(2).address(), OutcomeKind.CHEATED, Instant.now()));
        for (int lost = 0; lost < 4; lost++) {
            tell(outcome(Ids.jobId(), region.provider(3).address(), OutcomeKind.CRASHED, Instant.now()));
        }

        // when
        var quote = door.quote(spec("0"));

        // then
        assertThat(quote.candidates())
                .extracting(Candidate::provider)
                .containsExactly(
                        region.provider(0).id(),
                        region.provider(1).id(),
                        region.provider(3).id());
    }

    @Test
    void shouldTellOfWhichClassesTheBitsAreKnownToAgree() {
        // given
        connect(1_000, false);
        var other = Parties.digest("class " + UUID.randomUUID());
        tell(new PairsCounted(Ids.jobId(), other, 7, 1, null));

        // when
        var classes = Arrays.asList(Door.read(RestAssured.get("/api/v1/classes"), ClassView[].class));

        // then
        assertThat(classes)
                .filteredOn(each -> each.numericClass().equals(NumericClass.STRICT))
                .singleElement()
                .satisfies(strict -> {
                    assertThat(strict.binds()).isTrue();
                    assertThat(strict.owners()).isPositive();
                });
        assertThat(classes).as("nobody offers it").noneMatch(each -> each.numericClass()
                .equals(other));
    }

    @Test
    void shouldNotReadARecordOfWhatIsNoAddress() {
        assertThat(RestAssured.get("/api/v1/records/{address}", "me").statusCode())
                .isEqualTo(404);
        assertThat(RestAssured.get("/api/v1/record").statusCode()).isEqualTo(401);
    }

    private void verified(Address owner, int jobs) {
        for (int i = 0; i < jobs; i++) {
            tell(outcome(Ids.jobId(), owner, OutcomeKind.VERIFIED, Instant.now().minusSeconds(120)));
        }
    }

    private static OutcomeNoted outcome(JobId job, Address owner, OutcomeKind kind, Instant at) {
        return new OutcomeNoted(job, 0, owner, NumericClass.STRICT, "strict", kind, at);
    }

    /** And waits until the front door has heard it. */
    private static void tell(RecordFact fact) {
        Envelope envelope = Log.publish(fact);
        Await.until(
                Log.SOON,
                () -> Log.count("select count(*) from api.inbox where envelope_id = ?", envelope.id()) == 1,
                () -> "the front door did not hear " + fact);
    }

    private ObjectNode spec(String minReputation) {
        var spec = door.spec();
        region.demandedBy(spec).put("minReputation", minReputation);
        return spec;
    }

    private void connect(long price, boolean known) {
        var provider = Region.staked();
        if (known) {
            verified(provider.address(), 10);
        }
        var image = door.quote(door.spec()).spec().image();
        region.connect(
                provider,
                OfferBuilder.anOffer()
                        .at(price)
                        .holding(new ImageClass(image, NumericClass.STRICT, "strict", false, 0)));
    }
}
