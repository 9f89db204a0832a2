/** The aggregator as a process: the Streams job and the ClickHouse writer, started, watched and stopped together. */
@NullMarked
package io.tollgate.aggregator;

import org.jspecify.annotations.NullMarked;
