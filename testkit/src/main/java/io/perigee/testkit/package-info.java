/** Real servers, builders and clocks for the tests of every room. */
@org.jspecify.annotations.NullMarked
package io.perigee.testkit;
