package io.tollgate.cli.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A machine of which all is known. */
record Patient(
        int javaFeature,
        String operatingSystem,
        String architecture,
        boolean hasGlibc,
        Map<String, String> outputs,
        Set<Integer> takenPorts,
        OptionalLong free,
        boolean writable,
        OptionalLong memoryBytes)
        implements Machine {

    static Patient healthy() {
        return new Patient(
                17,
                "Linux",
                "amd64",
                true,
                Map.of("mvn", "Apache Maven 3.8.7\nMaven home: /usr/share/maven", "npm", "10.8.2\n", "sh", "works\n"),
                Set.of(),
                OptionalLong.of(100L << 30),
                true,
                OptionalLong.of(8L << 30));
    }

    Patient withJava(int feature) {
        return new Patient(
                feature, operatingSystem, architecture, hasGlibc, outputs, takenPorts, free, writable, memoryBytes);
    }

    Patient withSystem(String name, String arch, boolean glibc) {
        return new Patient(javaFeature, name, arch, glibc, outputs, takenPorts, free, writable, memoryBytes);
    }

    Patient withOutputs(Map<String, String> known) {
        return new Patient(
                javaFeature, operatingSystem, architecture, hasGlibc, known, takenPorts, free, writable, memoryBytes);
    }

    Patient withTaken(Integer... ports) {
        return new Patient(
                javaFeature,
                operatingSystem,
                architecture,
                hasGlibc,
                outputs,
                Set.of(ports),
                free,
                writable,
                memoryBytes);
    }

    Patient withRoom(OptionalLong disk, boolean canWrite, OptionalLong memory) {
        return new Patient(
                javaFeature, operatingSystem, architecture, hasGlibc, outputs, takenPorts, disk, canWrite, memory);
    }

    @Override
    public String javaDescription() {
        return javaFeature + ".0.1, Somebody";
    }

    @Override
    public Optional<String> output(List<String> command) {
        return Optional.ofNullable(outputs.get(command.get(0)));
    }

    @Override
    public boolean isPortFree(int port) {
        return !takenPorts.contains(port);
    }

    @Override
    public OptionalLong freeBytes(Path path) {
        return free;
    }

    @Override
    public boolean isWritable(Path path) {
        return writable;
    }
}
