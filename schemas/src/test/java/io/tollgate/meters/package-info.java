/** Laws of the meter catalogue. */
@NullMarked
package io.tollgate.meters;

import org.jspecify.annotations.NullMarked;
