/** Laws of what is on the wire. */
@NullMarked
package io.tollgate.schemas;

import org.jspecify.annotations.NullMarked;
