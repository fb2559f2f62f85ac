/** Where epochs and their files are read from. */
@NullMarked
package io.perigee.api.epoch.postgres;

import org.jspecify.annotations.NullMarked;
