package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every story, and then: that together they took every move there is. */
class LifecycleTest {

    static Stream<Story> all() {
        return Stream.of(
                        HonestStories.all(),
                        EndingStories.all(),
                        AdversaryStories.all(),
                        AuditStories.all(),
                        AuditAdversaryStories.all(),
                        AuditTimeStories.all(),
                        PartStories.all(),
                        VanishStories.all(),
                        PartAuditStories.all(),
                        ImpasseStories.all(),
                        RefusalStories.all())
                .flatMap(List::stream);
    }

    @TestFactory
    Stream<DynamicTest> stories() {
        Set<Moves.Move> moves = new HashSet<>();
        Set<Moves.AttemptMove> attemptMoves = new HashSet<>();
        var stories = all().map(story -> DynamicTest.dynamicTest(story.name(), () -> {
            var lab = new Lab();
            story.tell().accept(lab);
            moves.addAll(lab.moves);
            attemptMoves.addAll(lab.attemptMoves);
        }));
        var coverage = DynamicTest.dynamicTest("shouldHaveTakenEveryMove", () -> {
            assertThat(moves).containsExactlyInAnyOrderElementsOf(Moves.job());
            assertThat(attemptMoves).containsExactlyInAnyOrderElementsOf(Moves.attempt());
        });
        return Stream.concat(stories, Stream.of(coverage));
    }
}
