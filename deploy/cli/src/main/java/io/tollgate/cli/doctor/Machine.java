package io.tollgate.cli.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The facts that checks ask for. Tests make some up; {@link ThisMachine} finds them out. */
public interface Machine {

    /** The feature number of the Java that runs this: 17, 21, 25. */
    int javaFeature();

    /** Its full version and vendor, for people. */
    String javaDescription();

    /** {@code os.name} as Java tells it. */
    String operatingSystem();

    /** {@code os.arch} as Java tells it. */
    String architecture();

    /** Whether the C library is glibc; musl is not. Meaningless outside Linux. */
    boolean hasGlibc();

    /** Standard output of a command that ended well; empty when there is none, or when it fails or hangs. */
    Optional<String> output(List<String> command);

    /** Whether a server could listen there on loopback. */
    boolean isPortFree(int port);

    /** Bytes that may still be written where the path is, or where it would be made; empty when nobody can tell. */
    OptionalLong freeBytes(Path path);

    /** Whether files can be made where the path is, or where it would be made. */
    boolean isWritable(Path path);

    /** Memory that processes may use in all, in bytes, limits of a container included; empty when nobody can tell. */
    OptionalLong memoryBytes();
}
