package io.perigee.protocol.command;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;

/** The builder wants the job stopped at the next border. */
public record CancelJob(JobId jobId, Address by) implements Command {}
