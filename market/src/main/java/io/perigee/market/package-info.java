/** The rules of the market as pure functions: state, input and instant in, decision out. No clock, random or I/O. */
@NullMarked
package io.perigee.market;

import org.jspecify.annotations.NullMarked;
