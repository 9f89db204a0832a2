/** What is on the wire: the codec of the Avro records, their topics, and the digest that proves them complete. */
@NullMarked
package io.tollgate.schemas;

import org.jspecify.annotations.NullMarked;
