/** What an attempt costs, what an order must cover, and how long it must live. */
@NullMarked
package io.perigee.market.pricing;

import org.jspecify.annotations.NullMarked;
