/** What the HTTP API takes and gives; shared by the hub and every Java client. */
@NullMarked
package io.perigee.protocol.rest;

import org.jspecify.annotations.NullMarked;
