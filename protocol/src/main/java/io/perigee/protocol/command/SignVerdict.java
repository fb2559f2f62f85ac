package io.perigee.protocol.command;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Verdict;

/** An auditor signs that the run it was shown holds; the verdict names its own assignment. */
public record SignVerdict(JobId jobId, Verdict verdict, Signature signature) implements Command {}
