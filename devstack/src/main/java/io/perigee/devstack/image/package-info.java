/** The trainers' images. */
@NullMarked
package io.perigee.devstack.image;

import org.jspecify.annotations.NullMarked;
