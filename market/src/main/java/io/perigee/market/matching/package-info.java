/** Which providers run a job: the first rule, a full scan for the cheapest set of distinct owners. */
@NullMarked
package io.perigee.market.matching;

import org.jspecify.annotations.NullMarked;
