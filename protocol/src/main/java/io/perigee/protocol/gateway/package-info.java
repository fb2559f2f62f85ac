/** The conversation of an agent with the hub, as JSON objects with a "type". */
@NullMarked
package io.perigee.protocol.gateway;

import org.jspecify.annotations.NullMarked;
