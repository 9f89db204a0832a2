/**
 * Days that cost another amount than those before them: why, in parts that add up, and whether that is out of the ordinary.
 * Pure: no I/O, no clock, no binary floating point.
 */
@NullMarked
package io.tollgate.invoicing.anomaly;

import org.jspecify.annotations.NullMarked;
