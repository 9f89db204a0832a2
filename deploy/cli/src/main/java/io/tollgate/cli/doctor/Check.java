package io.tollgate.cli.doctor;

/** One thing to look at before starting. */
@FunctionalInterface
public interface Check {

    /** Looks; what is wrong comes back as a finding and is never thrown. */
    Finding on(Machine machine);
}
