/** What a run will need, before anybody has run it. */
@NullMarked
package io.perigee.market.estimate;

import org.jspecify.annotations.NullMarked;
