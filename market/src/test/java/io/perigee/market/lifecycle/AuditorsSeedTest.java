package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever is audited knows its order, its salts and when it seals: by none of them may it choose who audits it. */
class AuditorsSeedTest {
    private static final HubSecrets OTHER = (order, attempt) -> Parties.digest("another " + order + attempt);

    @Test
    void shouldDrawAuditorsByWhatTheProviderDoesNotKnow() {
        // given
        var lab = audited(Lab::secret);
        var same = audited(Lab::secret);

        // when the same job is looked at by hubs that differ in their secrets alone
        var seeds = List.of(seed(lab), seed(same), seed(lab, OTHER));

        // then
        assertThat(seeds.get(1)).isEqualTo(seeds.getFirst());
        assertThat(seeds.get(2)).isNotEqualTo(seeds.getFirst());
    }

    @Test
    void shouldGiveOneSeedToEachWayToDeal() {
        // given
        var lab = audited(Lab::secret);

        // when
        var ways = lab.job.alternatives(lab.now, lab.policy, lab.secrets);

        // then
        assertThat(ways).hasSizeGreaterThan(1);
        assertThat(ways).extracting(PlacementRequest::seed).containsOnly(seed(lab));
    }

    @Test
    void shouldDrawTheNextAuditorByItToo() {
        // given
        var lab = audited(Lab::secret);
        var first = seed(lab);
        lab.place("b", "c").forges(2, 3, 4).completes(1, 2);

        // when
        var ways = lab.job.alternatives(lab.now, lab.policy, lab.secrets);

        // then
        assertThat(ways).singleElement().satisfies(one -> {
            assertThat(one.selection()).isEqualTo(PlacementRequest.Selection.BY_STAKE);
            assertThat(one.seed()).isNotEqualTo(first).isNotEqualTo(seed(lab, OTHER));
        });
    }

    @Test
    void shouldDrawTheAuditorsOfAPartByItToo() {
        // given
        var lab = new Lab();
        lab.placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a")
                .accept(0)
                .pass(0, 2)
                .gone(0);
        lab.drawn(0);

        // when
        var seed = seed(lab);

        // then
        assertThat(((State.Auditing) lab.job.state()).goesOn()).isTrue();
        assertThat(seed).isNotEqualTo(seed(lab, OTHER));
    }

    /** With the secret that the bundle shows, the receipted seal and the block anybody has it afterwards. */
    @Test
    void shouldFollowFromWhatTheBundleShows() {
        // given
        var lab = audited(Lab::secret);
        var seed = seed(lab);

        // when
        lab.place("b", "c").completes(1, 2).sign();

        // then
        var payable = lab.payable();
        var run = payable.winners().getFirst();
        var drawn = Draw.seed(
                payable.draw().blockHash(),
                payable.draw().secret(),
                run.commitment().seal());
        assertThat(Draw.auditors(drawn, 1)).isEqualTo(seed);
    }

    @Test
    void shouldDrawBySecretAndSealWhereNoBlockIsKnown() {
        // given
        var lab = new Lab();
        lab.placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a")
                .completes(0)
                .due()
                .serves();

        // when
        var seed = seed(lab);

        // then
        assertThat(seed).isNotEqualTo(seed(lab, OTHER));
    }

    private static Lab audited(HubSecrets secrets) {
        var lab = new Lab();
        lab.secrets = secrets;
        // all four of a newcomer are drawn, whatever the secret
        return lab.placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a")
                .completes(0)
                .drawn(0)
                .serves();
    }

    private static Digest seed(Lab lab) {
        return seed(lab, lab.secrets);
    }

    private static Digest seed(Lab lab, HubSecrets secrets) {
        return lab.job.alternatives(lab.now, lab.policy, secrets).getFirst().seed();
    }
}
