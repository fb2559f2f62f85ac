/** Topics, sending and consuming on Kafka. */
@NullMarked
package io.perigee.eventlog.kafka;

import org.jspecify.annotations.NullMarked;
