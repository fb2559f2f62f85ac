/** What parties ask of the stage that owns a job. */
@NullMarked
package io.perigee.protocol.command;

import org.jspecify.annotations.NullMarked;
