package io.perigee.api.job.postgres;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.TimelineEntry;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "event")
class EventEntity {
    @EmbeddedId
    EventKey id;

    Instant at;

    String kind;

    String actor;

    @Nullable
    String cause;

    String detail;

    String links;

    String data;

    JobEvent toEvent() {
        return new JobEvent(id.seq(), kind, at, Json.parse(data.getBytes(StandardCharsets.UTF_8)));
    }

    TimelineEntry toTimelineEntry() {
        Map<String, String> named = new TreeMap<>();
        Json.parse(links.getBytes(StandardCharsets.UTF_8))
                .properties()
                .forEach(link -> named.put(link.getKey(), link.getValue().asText()));
        return new TimelineEntry(id.seq(), at, actor, kind, cause, detail, named);
    }
}
