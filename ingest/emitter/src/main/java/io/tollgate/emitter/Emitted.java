package io.tollgate.emitter;

/** Where an acknowledged event stands: on all in-sync replicas. */
public record Emitted(String topic, int partition, long offset) {}
