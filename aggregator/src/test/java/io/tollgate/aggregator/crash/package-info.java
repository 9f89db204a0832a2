/** The aggregator killed again and again, against an oracle that counts the same events another way. */
@NullMarked
package io.tollgate.aggregator.crash;

import org.jspecify.annotations.NullMarked;
