/** Artifacts by content: fetched from the hub and checked, kept for the next job, uploaded in resumable parts. */
@NullMarked
package io.perigee.agent.artifact;

import org.jspecify.annotations.NullMarked;
