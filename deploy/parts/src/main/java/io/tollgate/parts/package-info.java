/**
 * The real engines on one machine: Kafka, ClickHouse and PostgreSQL as child processes that never outlive the JVM that
 * started them, or as containers, for tests and for the {@code tollgate} command.
 */
@NullMarked
package io.tollgate.parts;

import org.jspecify.annotations.NullMarked;
