package io.perigee.scenarios.simulation;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.PlacementRequest.Selection;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks the market's matcher for providers, auditors and judges. */
final class Placing {
    private static final int BOND_OF_RUN = 100;
    /** An auditor's bond: twenty times what one segment costs, in percent of a job's price. */
    private static final int BOND_OF_AUDIT = 32;

    private static final Amount CEILING = Amount.of(1_000_000);

    private final List<Owner> owners;
    private final Map<Address, Owner> byAddress = new HashMap<>();
    private final Digest auditorsClass;

    Placing(List<Owner> owners, Digest auditorsClass) {
        this.owners = owners;
        this.auditorsClass = auditorsClass;
        owners.forEach(owner -> byAddress.put(owner.address(), owner));
    }

    /** The cheapest for a run. */
    List<Owner> provider(Set<Address> excluded, Digest seed, long now) {
        return ask(1, excluded, Market.PROVIDERS_CLASS, Selection.CHEAPEST, BOND_OF_RUN, seed, now);
    }

    /** By stake, so that nobody gets to audit its friend by asking little. */
    List<Owner> auditors(int count, Set<Address> excluded, Digest seed, long now) {
        return ask(count, excluded, auditorsClass, Selection.BY_STAKE, BOND_OF_AUDIT, seed, now);
    }

    private List<Owner> ask(
            int count,
            Set<Address> excluded,
            Digest numericClass,
            Selection selection,
            int bond,
            Digest seed,
            long now) {
        var without = new HashSet<>(excluded);
        without.add(Market.BUILDER);
        var request = new PlacementRequest(
                count,
                without,
                new ClassDemand.Fixed(numericClass),
                null,
                selection,
                CEILING,
                bond,
                Instant.ofEpochSecond(now),
                Instant.ofEpochSecond(now + 86_400),
                seed);
        var offers =
                owners.stream().filter(owner -> owner.awake).map(Owner::view).toList();
        return switch (Matcher.match(request, Market.SPEC, offers)) {
            case Match.Found found ->
                found.picks().stream()
                        .map(pick -> byAddress.get(pick.view().owner()))
                        .toList();
            case Match.None _ -> List.of();
        };
    }
}
