/** The ordered log between the stages: what is stored with a state change is sent, and its effect happens once. */
@NullMarked
package io.perigee.eventlog;

import org.jspecify.annotations.NullMarked;
