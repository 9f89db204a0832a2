/** The contract that every part keeps, tested on the real engines. */
@NullMarked
package io.tollgate.parts;

import org.jspecify.annotations.NullMarked;
