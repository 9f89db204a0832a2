/** What is counted, and how: the meter catalogue. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.meters;

import org.jspecify.annotations.NullMarked;
