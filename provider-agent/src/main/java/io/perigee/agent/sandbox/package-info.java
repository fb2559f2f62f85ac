/** How a stranger's container is confined: a pure plan, and the port of the engine that carries it out. */
@NullMarked
package io.perigee.agent.sandbox;

import org.jspecify.annotations.NullMarked;
