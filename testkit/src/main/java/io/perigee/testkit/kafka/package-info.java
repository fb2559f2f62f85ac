/** A real KRaft broker, in a process of its own. */
@org.jspecify.annotations.NullMarked
package io.perigee.testkit.kafka;
