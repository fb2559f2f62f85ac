package io.perigee.cli.court;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Option;

/** A judge's tickets: those named, or those that the court's events say it bought. */
final class Tickets {
    @Option(
            names = "--ticket",
            paramLabel = "N",
            description = "this ticket, without looking for others; may be repeated")
    private List<Long> named = List.of();

    @Option(
            names = "--since",
            paramLabel = "SPAN",
            defaultValue = "400d",
            description = "look for tickets bought so long ago, at most (default ${DEFAULT-VALUE})")
    private String since = "400d";

    /**
     * @param gone lost by silence; what it earned before is still owed
     * @param leavesAt from when its price can be had; the epoch's start while it was not asked back
     */
    record Ticket(long number, Amount earned, boolean gone, Instant leavesAt) {
        boolean stands() {
            return !gone && leavesAt.equals(Instant.EPOCH);
        }

        boolean leaves() {
            return !gone && !stands();
        }
    }

    List<Ticket> of(Courtroom court, Address judge) {
        var from = court.now().minus(Lookback.parse(since));
        var leaving = court.book().tickets(judge, from);
        var numbers = named.isEmpty() ? leaving.keySet() : named;
        var gone = court.book().forfeited(judge, from);
        return numbers.stream()
                .map(number -> new Ticket(
                        number,
                        court.book().earned(number),
                        gone.contains(number),
                        leaving.getOrDefault(number, Instant.EPOCH)))
                .toList();
    }
}
