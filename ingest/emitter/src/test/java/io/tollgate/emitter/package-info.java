/** The emitter's promises, kept before a real Kafka. */
@NullMarked
package io.tollgate.emitter;

import org.jspecify.annotations.NullMarked;
