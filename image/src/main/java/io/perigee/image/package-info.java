/** A stranger's image, before an engine of this machine sees it. */
@NullMarked
package io.perigee.image;

import org.jspecify.annotations.NullMarked;
