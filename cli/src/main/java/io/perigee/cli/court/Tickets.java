package io.perigee.cli.court;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
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

    /** @param gone lost by silence; what it earned before is still owed */
    record Ticket(long number, Amount earned, boolean gone) {}

    List<Ticket> of(Courtroom court, Address judge) {
        var from = court.now().minus(Lookback.parse(since));
        var numbers = named.isEmpty() ? court.book().tickets(judge, from) : named;
        var gone = court.book().forfeited(judge, from);
        return numbers.stream()
                .map(number -> new Ticket(number, court.book().earned(number), gone.contains(number)))
                .toList();
    }
}
