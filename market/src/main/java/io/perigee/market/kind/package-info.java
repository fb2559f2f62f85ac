/** What differs between kinds of work, looked up in one place. */
@NullMarked
package io.perigee.market.kind;

import org.jspecify.annotations.NullMarked;
