/**
 * A month of made-up usage whose token lengths, cache hits, reasoning shares, skew between tenants and rhythm of the day
 * follow public traces. No clock and no hidden randomness: the seed decides every byte.
 */
@NullMarked
package io.tollgate.cli.traffic;

import org.jspecify.annotations.NullMarked;
