package io.perigee.protocol.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One server-sent event.
 *
 * @param seq the event's id, for Last-Event-ID; progress repeats the last one
 * @param kind a fact's name, or "progress" with a {@link ProgressView} in data
 */
public record JobEvent(long seq, String kind, Instant at, JsonNode data) {}
