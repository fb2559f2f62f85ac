/** Data that is valid by default: a test names only what matters to it. */
@NullMarked
package io.perigee.testkit.data;

import org.jspecify.annotations.NullMarked;
