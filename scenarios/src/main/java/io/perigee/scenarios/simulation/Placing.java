package io.perigee.scenarios.simulation;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.PlacementRequest.Selection;
import io.perigee.market.verification.AuditDepth;
import io.perigee.market.verification.Planted;
import io.perigee.market.verification.Reserve;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks the market's matcher for providers, auditors and judges. */
final class Placing {
    private static final int BOND_OF_RUN = 100;
    /** An auditor's bond: twenty times what one segment costs, in percent of a job's price. */
    private static final int BOND_OF_AUDIT = Math.ceilDiv(100 * Planted.ONE_IN, Setting.SEGMENTS);

    static final Amount CEILING = Amount.of(1_000_000);

    /** An owner for each segment that is drawn of a newcomer and the last one, and one more if two differ. */
    private static final int STANDING_BY = AuditDepth.NEWCOMER + 1 + Setting.QUORUM - 1;

    private final Setting setting;
    private final List<Owner> owners;
    private final Map<Address, Owner> byAddress = new HashMap<>();
    private final Digest auditorsClass;

    Placing(Setting setting, List<Owner> owners, Digest auditorsClass) {
        this.setting = setting;
        this.owners = owners;
        this.auditorsClass = auditorsClass;
        owners.forEach(owner -> byAddress.put(owner.address(), owner));
    }

    /** For a run, where enough others stay free to audit it. */
    List<Owner> provider(Selection selection, Set<Address> excluded, Digest seed, long now) {
        var found = ask(request(1, excluded, Market.PROVIDERS_CLASS, selection, BOND_OF_RUN, seed, now), offers(now));
        return found.isEmpty() || isReserved(free(found.getFirst(), now)) ? found : List.of();
    }

    /** By stake, so that nobody gets to audit its friend by asking little. */
    List<Owner> auditors(int count, Set<Address> excluded, Digest seed, long now) {
        return ask(request(count, excluded, auditorsClass, Selection.BY_STAKE, BOND_OF_AUDIT, seed, now), offers(now));
    }

    /** Of all that have a stake, at work or asleep: a court waits for them. */
    List<Owner> judges(int count, Set<Address> excluded, Digest seed, long now) {
        var offers = owners.stream()
                .filter(owner -> owner.life.joins() <= now)
                .map(Owner::judge)
                .toList();
        return ask(request(count, excluded, auditorsClass, Selection.BY_STAKE, BOND_OF_AUDIT, seed, now), offers);
    }

    private boolean isReserved(int free) {
        return (!setting.hasCourt() || Reserve.allows(free)) && free >= STANDING_BY;
    }

    private int free(Owner provider, long now) {
        return (int) owners.stream()
                .filter(owner -> owner != provider && owner.isIdle() && owner.isOnline(now) && !owner.isBarred())
                .filter(owner -> owner.offer.numericClasses().contains(auditorsClass))
                .filter(owner -> CEILING.covers(owner.offer.perMillionTokens()))
                .filter(owner ->
                        owner.freeStake().covers(owner.offer.perMillionTokens().mulDivCeil(BOND_OF_AUDIT, 100)))
                .limit(STANDING_BY)
                .count();
    }

    private static PlacementRequest request(
            int count,
            Set<Address> excluded,
            Digest numericClass,
            Selection selection,
            int bond,
            Digest seed,
            long now) {
        return new PlacementRequest(
                count,
                excluded,
                new ClassDemand.Fixed(numericClass),
                null,
                selection,
                CEILING,
                bond,
                Instant.ofEpochSecond(now),
                Instant.ofEpochSecond(now + 86_400),
                seed);
    }

    private List<OfferView> offers(long now) {
        return owners.stream()
                .filter(owner -> owner.isIdle() && owner.isOnline(now))
                .map(Owner::view)
                .toList();
    }

    private List<Owner> ask(PlacementRequest request, List<OfferView> offers) {
        if (offers.size() < request.count()) {
            return List.of();
        }
        return switch (Matcher.match(request, Market.SPEC, offers)) {
            case Match.Found found ->
                found.picks().stream()
                        .map(pick -> byAddress.get(pick.view().owner()))
                        .toList();
            case Match.None _ -> List.of();
        };
    }
}
