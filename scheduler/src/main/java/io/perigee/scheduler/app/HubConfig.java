package io.perigee.scheduler.app;

import io.smallrye.config.ConfigMapping;

/** Who this hub is. */
@ConfigMapping(prefix = "perigee.hub")
public interface HubConfig {
    String address();
}
