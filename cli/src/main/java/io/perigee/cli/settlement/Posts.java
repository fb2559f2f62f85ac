package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.ethereum.EpochBook;
import io.perigee.cli.ethereum.EpochBook.Post;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a hub's settler posted, found in the chain's events. */
final class Posts {
    private final Session session;
    private final Optional<Address> settler;
    private final Duration window;

    /** @param settler in place of the one whom the hub has now */
    Posts(Session session, Optional<Address> settler) {
        this.session = session;
        this.settler = settler;
        this.window = session.chain().funds().times().window();
        if (session.market().hub().equals(Address.ZERO)) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected to know whose epochs are meant, but with --escrow no hub is named",
                    "Add --hub-address ADDRESS");
        }
    }

    Duration window() {
        return window;
    }

    EpochId id(int number) {
        if (number <= 0) {
            throw new Refusal(
                    ErrorCode.MALFORMED,
                    "Expected the number of an epoch, but got %d".formatted(number),
                    "It is a deadline's epoch seconds over W, rounded down");
        }
        return new EpochId(session.market().hub(), session.market().token(), number);
    }

    /** What was posted as this epoch. */
    Optional<Post> find(EpochId id) {
        return between(Instant.ofEpochSecond(id.postedFrom(window)), Instant.ofEpochSecond(id.postedUntil(window)))
                .stream()
                .filter(post -> post.id().equals(id))
                .reduce((_, later) -> later);
    }

    /** What was posted lately: all that is not decided, and what demands may have outlived. */
    List<Post> recent(Instant now) {
        return between(now.minus(window.multipliedBy(8)), now.plusSeconds(1));
    }

    private List<Post> between(Instant from, Instant until) {
        var who = settler.orElseGet(() -> standing().settler());
        return who.equals(Address.ZERO)
                ? List.of()
                : session.chain()
                        .epochs()
                        .posts(session.market().hub(), who, session.market().token(), from, until);
    }

    EpochBook.Standing standing() {
        return session.chain()
                .epochs()
                .standing(session.market().hub(), session.market().token());
    }
}
