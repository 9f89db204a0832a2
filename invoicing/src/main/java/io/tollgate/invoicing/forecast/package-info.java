/** What the days that are left will bring, judged by the days that were. Pure: no I/O, no clock, no binary floating point. */
@NullMarked
package io.tollgate.invoicing.forecast;

import org.jspecify.annotations.NullMarked;
