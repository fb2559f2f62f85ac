package io.perigee.api.job.postgres;

import jakarta.persistence.Embeddable;
import java.util.UUID;

@Embeddable
record EventKey(UUID job, long seq) {}
