package io.perigee.protocol.fact;

/** Something that happened and was decided by its owner; facts are never taken back. */
public sealed interface Fact extends Body permits AccountFact, JobFact, ProviderFact, RecordFact {}
