/** The container engine spoken to through the Docker API (Docker or Podman). */
@NullMarked
package io.perigee.agent.sandbox.docker;

import org.jspecify.annotations.NullMarked;
