/** The outbox, the inbox and transactions on PostgreSQL. */
@NullMarked
package io.perigee.eventlog.postgres;

import org.jspecify.annotations.NullMarked;
