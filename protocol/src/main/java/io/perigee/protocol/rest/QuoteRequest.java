package io.perigee.protocol.rest;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Asks what a job would cost.
 *
 * @param spec the human form, as JSON
 */
public record QuoteRequest(JsonNode spec) {}
