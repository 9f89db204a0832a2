package io.tollgate.cli.bench;

/**
 * One measured figure.
 *
 * @param name snake_case
 * @param value as measured
 * @param unit such as {@code events/s}; {@code ratio} for ratios of two figures of the same run
 */
public record Figure(String name, double value, String unit) {}
