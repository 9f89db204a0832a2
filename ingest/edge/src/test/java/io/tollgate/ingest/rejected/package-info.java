/** Tests. */
@org.jspecify.annotations.NullMarked
package io.tollgate.ingest.rejected;
