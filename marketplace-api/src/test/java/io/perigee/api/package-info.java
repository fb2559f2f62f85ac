/** The front door as its users meet it: over HTTP, on real servers. */
@NullMarked
package io.perigee.api;

import org.jspecify.annotations.NullMarked;
