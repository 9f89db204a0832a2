/** Laws of the aggregator as a process. */
@NullMarked
package io.tollgate.aggregator;

import org.jspecify.annotations.NullMarked;
