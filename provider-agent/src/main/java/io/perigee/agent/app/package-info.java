/** The program: verbs, settings and wiring. */
@NullMarked
package io.perigee.agent.app;

import org.jspecify.annotations.NullMarked;
