/** Starting, killing and stopping the services. */
@NullMarked
package io.perigee.devstack.stack;

import org.jspecify.annotations.NullMarked;
