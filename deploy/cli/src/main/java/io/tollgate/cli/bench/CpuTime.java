package io.tollgate.cli.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Time of all cores that processes took: on a busy machine it says more than the time that passed. */
final class CpuTime {

    private CpuTime() {}

    /** Of this process, its children and PostgreSQL; nanoseconds. */
    static long ofEverything() {
        return Stream.of(ofThisProcess(), ofChildren(), ofPostgres())
                .mapToLong(Long::longValue)
                .sum();
    }

    static long ofThisProcess() {
        return sum(Stream.of(ProcessHandle.current()));
    }

    private static long ofChildren() {
        long self = ProcessHandle.current().pid();
        return sum(ProcessHandle.allProcesses()
                .filter(process -> process.parent().map(ProcessHandle::pid).equals(Optional.of(self))));
    }

    /** PostgreSQL is no child. Whatever runs of it on this machine is counted. */
    static long ofPostgres() {
        return sum(ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/postgres")));
    }

    private static long sum(Stream<ProcessHandle> processes) {
        return processes
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }
}
