/** The connection to the hub: handshake, heartbeat, and messages that survive a crash. */
@NullMarked
package io.perigee.agent.gateway;

import org.jspecify.annotations.NullMarked;
