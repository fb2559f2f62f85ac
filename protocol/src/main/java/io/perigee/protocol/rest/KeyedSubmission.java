package io.perigee.protocol.rest;

/**
 * One job of a batch.
 *
 * @param key what is the header Idempotency-Key for a job that comes alone; the same keys count for both
 */
public record KeyedSubmission(String key, SubmitRequest request) {}
