/** The laws of reading CloudEvents. */
@NullMarked
package io.tollgate.ingest.cloudevents;

import org.jspecify.annotations.NullMarked;
