/** How settlement's facts get into the log. */
@NullMarked
package io.perigee.settlement.fact;

import org.jspecify.annotations.NullMarked;
