/** Child processes that never outlive the program that started them. */
@org.jspecify.annotations.NullMarked
package io.perigee.testkit.process;
