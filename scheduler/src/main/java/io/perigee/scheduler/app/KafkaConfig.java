package io.perigee.scheduler.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The broker all services share. */
@ConfigMapping(prefix = "perigee.kafka")
public interface KafkaConfig {
    String bootstrap();

    /** Of topics that this service makes. */
    @WithDefault("6")
    int partitions();

    /** Of topics that this service makes. */
    @WithDefault("1")
    int replication();
}
