package io.perigee.cli.court;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.cli.Refusal;
import io.perigee.cli.court.Ballot.Place;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.testkit.sample.Parties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BallotsTest {
    private static final Address COURT = Parties.key("court").address();
    private static final Address JUDGE = Parties.key("judge").address();

    private static final Digest LEAF = Parties.digest("accused leaf");

    @TempDir
    Path home;

    @Test
    void shouldFindWhatWasKept() {
        // given
        var ballot = ballot(1, 3);
        try (var ballots = Ballots.open(home)) {
            ballots.keep(ballot);
        }

        // when
        try (var again = Ballots.open(home)) {
            // then: of that chain, court, case, leaf, round, seat and judge alone
            assertThat(again.find(ballot.place())).contains(ballot);
            assertThat(again.find(new Place(1, COURT, 7, LEAF, 2, 3, JUDGE))).isEmpty();
            assertThat(again.find(new Place(1, COURT, 7, LEAF, 1, 4, JUDGE))).isEmpty();
            assertThat(again.find(new Place(1, COURT, 8, LEAF, 1, 3, JUDGE))).isEmpty();
            assertThat(again.find(new Place(1, COURT, 7, LEAF, 1, 3, COURT))).isEmpty();
            assertThat(again.find(new Place(2, COURT, 7, LEAF, 1, 3, JUDGE))).isEmpty();
            assertThat(again.find(new Place(1, COURT, 7, Digest.ZERO, 1, 3, JUDGE)))
                    .isEmpty();
        }
    }

    @Test
    void shouldLetNobodyElseRead() throws IOException {
        // when
        try (var ballots = Ballots.open(home)) {
            ballots.keep(ballot(1, 3));
        }

        // then
        try (var files = Files.list(home.resolve("court/ballots"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void shouldRefuseASecondJudgeInOneHome() {
        try (var _ = Ballots.open(home)) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> Ballots.open(home))
                    .withMessageContaining("another judge runs there");
        }
        Ballots.open(home).close();
    }

    @Test
    void shouldNotTakeATornBallotForNone() throws IOException {
        // given
        try (var ballots = Ballots.open(home)) {
            ballots.keep(ballot(1, 3));
        }
        try (var files = Files.list(home.resolve("court/ballots"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                Files.writeString(file, "{\"court\":");
            }
        }

        // when, then
        try (var ballots = Ballots.open(home)) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> ballots.find(ballot(1, 3).place()))
                    .withMessageContaining("Expected to keep votes in");
        }
    }

    private Path only() throws IOException {
        try (var files = Files.list(home.resolve("court/ballots"))) {
            var found = files.filter(each -> each.toString().endsWith(".json")).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    private static Ballot ballot(int round, int seat) {
        return new Ballot(new Place(1, COURT, 7, LEAF, round, seat, JUDGE), Digest.ZERO, Parties.digest("salt"));
    }
}
