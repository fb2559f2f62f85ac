/** What the tests share: a tiny base, job directories and child processes. */
@NullMarked
package io.perigee.trainers.strict.support;

import org.jspecify.annotations.NullMarked;
