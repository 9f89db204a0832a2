/** Benchmarks that print their figures and write them as JSON. */
@NullMarked
package io.tollgate.cli.bench;

import org.jspecify.annotations.NullMarked;
