/** Finding a container engine, or starting a private one. */
@NullMarked
package io.perigee.devstack.engine;

import org.jspecify.annotations.NullMarked;
