package io.perigee.api.record;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Aside;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.Anonymous;
import io.perigee.api.session.CurrentCaller;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.ClassView;
import io.perigee.protocol.rest.RecordView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What those who take part have shown. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Records")
public class RecordResource {
    /** Anybody may ask, and to answer is to add up all that somebody did here. */
    private static final Duration GOOD = Duration.ofSeconds(5);

    private static final int MOST_KEPT = 1_000;

    private final Map<Address, Uni<RecordView>> lately = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Uni<RecordView>> eldest) {
            return size() > MOST_KEPT;
        }
    });

    private final RecordBook book;
    private final HubFacts hub;
    private final CurrentCaller caller;
    private final Clock clock;

    RecordResource(RecordBook book, HubFacts hub, CurrentCaller caller, Clock clock) {
        this.book = book;
        this.hub = hub;
        this.caller = caller;
        this.clock = clock;
    }

    @GET
    @Path("/record")
    @Operation(summary = "Your own record as a builder and as an owner, with what it rests on")
    public Uni<RecordView> own() {
        return record(caller.get().builder(), true);
    }

    @GET
    @Path("/records/{address}")
    @Anonymous
    @Operation(summary = "What a builder, or an owner of providers, has shown here")
    public Uni<RecordView> of(@PathParam("address") String address) {
        return lately.computeIfAbsent(
                address(address), asked -> Aside.lately(GOOD, Uni.createFrom().deferred(() -> record(asked, false))));
    }

    @GET
    @Path("/classes")
    @Anonymous
    @Operation(summary = "Numeric classes that are offered, and whether their bits are known to agree")
    public Uni<List<ClassView>> classes() {
        return book.classes()
                .map(classes -> classes.values().stream().map(RecordViews::of).toList());
    }

    private Uni<RecordView> record(Address address, boolean own) {
        var views = new RecordViews(hub.policy(), clock.instant(), own);
        return book.orders(address).chain(orders -> book.runs(address).map(runs -> views.of(address, orders, runs)));
    }

    private static Address address(String text) {
        try {
            return Address.parse(text);
        } catch (InvalidValue invalid) {
            throw new Refused(ErrorCode.NOT_FOUND, String.valueOf(invalid.getMessage()));
        }
    }
}
