package io.perigee.market.matching;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Draws owners, whose chance is their free stake. The first is drawn among those of all classes: a class is chosen no more
 * often than those who stand behind it are drawn, however many classes they name and however little they ask.
 */
final class StakeDraw {
    private final PlacementRequest request;
    /** The class with the most behind it first. */
    private final List<Able> classes;

    /** @param standby who could stand by in the class; empty when nobody has to */
    private record Able(Members its, Set<Address> standby) {
        boolean holds(Address owner) {
            return its.onePerOwner().stream().anyMatch(view -> view.owner().equals(owner));
        }
    }

    /** Who was drawn, the first first. */
    record Drawn(Members its, List<OfferView> chosen) {}

    private StakeDraw(PlacementRequest request, List<Able> classes) {
        this.request = request;
        this.classes = classes;
    }

    /** @param standby owners that could stand by in a class, or so many of them that they surely are enough */
    static Optional<Drawn> of(
            PlacementRequest request, List<Members> classes, Function<Members, Set<Address>> standby) {
        var able = classes.stream()
                .sorted(Comparator.comparing(Members::stake)
                        .reversed()
                        .thenComparing(its -> Matcher.turn(its.numericClass().bytes(), request), Long::compareUnsigned)
                        .thenComparing(Members::numericClass))
                .map(its -> new Able(its, standby.apply(its)))
                .filter(its -> request.standby() == null
                        || its.standby().size() >= request.standby().owners())
                .toList();
        return new StakeDraw(request, able).drawn();
    }

    /** Of those in one class. */
    static List<OfferView> inClass(Members its, PlacementRequest request) {
        var left = ordered(its.onePerOwner().stream());
        return others(left, new ArrayList<>(), request);
    }

    private Optional<Drawn> drawn() {
        var owners = new HashSet<Address>();
        var pool = ordered(classes.stream()
                .flatMap(able -> able.its().onePerOwner().stream())
                .filter(view -> owners.add(view.owner())));
        for (int again = 0; !pool.isEmpty(); again++) {
            var first = pool.remove(drawn(pool, ticket(again))).owner();
            var drawn = classes.stream()
                    .filter(able -> able.holds(first))
                    .flatMap(able -> beginningWith(first, able).stream())
                    .findFirst();
            if (drawn.isPresent()) {
                return drawn;
            }
        }
        return Optional.empty();
    }

    /** Empty when too few would be left to stand by. */
    private Optional<Drawn> beginningWith(Address first, Able able) {
        var left = ordered(able.its().onePerOwner().stream());
        var chosen = new ArrayList<OfferView>();
        left.stream().filter(view -> view.owner().equals(first)).forEach(chosen::add);
        left.removeAll(chosen);
        var drawn = new Drawn(able.its(), others(left, chosen, request));
        return standBy(able, drawn.chosen()) ? Optional.of(drawn) : Optional.empty();
    }

    private boolean standBy(Able able, List<OfferView> chosen) {
        var standby = request.standby();
        return standby == null
                || able.standby().stream()
                                .filter(owner -> chosen.stream()
                                        .noneMatch(view -> view.owner().equals(owner)))
                                .count()
                        >= standby.owners();
    }

    /** Draws without putting back until there are enough. */
    private static List<OfferView> others(List<OfferView> left, List<OfferView> chosen, PlacementRequest request) {
        for (int round = chosen.size(); round < request.count(); round++) {
            chosen.add(left.remove(drawn(left, Keccak256.bytes(request.seed().bytes(), new byte[] {(byte) round}))));
        }
        return chosen;
    }

    private byte[] ticket(int again) {
        var round = new byte[] {0};
        return again == 0
                ? Keccak256.bytes(request.seed().bytes(), round)
                : Keccak256.bytes(
                        request.seed().bytes(),
                        round,
                        ByteBuffer.allocate(Integer.BYTES).putInt(again).array());
    }

    private static int drawn(List<OfferView> left, byte[] hash) {
        var total = left.stream().map(view -> view.freeStake().value()).reduce(BigInteger.ZERO, BigInteger::add);
        var ticket = new BigInteger(1, hash).mod(total);
        int at = 0;
        while (ticket.compareTo(left.get(at).freeStake().value()) >= 0) {
            ticket = ticket.subtract(left.get(at).freeStake().value());
            at++;
        }
        return at;
    }

    private static List<OfferView> ordered(Stream<OfferView> views) {
        return new ArrayList<>(
                views.sorted(Comparator.comparing(OfferView::provider, Comparator.comparing(Object::toString)))
                        .toList());
    }
}
