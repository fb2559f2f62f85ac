/** The story of one job, told by running it. */
@NullMarked
package io.perigee.devstack.demo;

import org.jspecify.annotations.NullMarked;
