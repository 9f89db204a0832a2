/**
 * What makes a usage event acceptable, and the names of all reasons why one is not. Pure: it knows no Kafka and no
 * clock, so the edge, the replay and a source itself can ask the same questions.
 */
@NullMarked
package io.tollgate.emitter.rules;

import org.jspecify.annotations.NullMarked;
