/** The whole market as processes on one machine, and the demo that walks a job through it. */
@NullMarked
package io.perigee.devstack;

import org.jspecify.annotations.NullMarked;
