/** What anybody can do about settlement without the hub: check its epochs, challenge them, and settle an order oneself. */
@NullMarked
package io.perigee.cli.settlement;

import org.jspecify.annotations.NullMarked;
