/** Taking back what was counted: reversals whose identity follows from the event's, and amendments. */
@NullMarked
package io.tollgate.ingest.corrections;

import org.jspecify.annotations.NullMarked;
