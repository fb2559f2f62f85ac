/** What an owner has shown in one numeric class with one family of images, and how far that is trusted. */
@NullMarked
package io.perigee.market.reputation;

import org.jspecify.annotations.NullMarked;
