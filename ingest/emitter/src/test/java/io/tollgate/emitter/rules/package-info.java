/** The laws of what is acceptable. */
@NullMarked
package io.tollgate.emitter.rules;

import org.jspecify.annotations.NullMarked;
