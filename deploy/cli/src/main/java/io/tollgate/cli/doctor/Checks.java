package io.tollgate.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Tollgate needs of a machine on which everything runs embedded. */
public final class Checks {

    /** The parts' ports that are taken if nobody else has them. */
    public static final Map<String, Integer> PORTS = Map.of(
            "ingest",
            8080,
            "ingest admin",
            8090,
            "api",
            8081,
            "api admin",
            8091,
            "aggregator admin",
            8092,
            "kafka",
            9092,
            "clickhouse",
            8123,
            "postgres",
            5432);

    private static final long GIB = 1L << 30;
    private static final int LEAST_JAVA = 17;
    private static final List<Integer> LEAST_MAVEN = List.of(3, 8);
    private static final long LEAST_DISK_BYTES = 2 * GIB;

    /** An estimate for broker, ClickHouse, PostgreSQL and the services together, with room to spare. */
    private static final long COMFORTABLE_MEMORY_BYTES = 4 * GIB;

    private static final long LEAST_MEMORY_BYTES = 2 * GIB;

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)[.\\d]*");

    private Checks() {}

    /**
     * All of them, in the order in which they are shown.
     *
     * @param data where the embedded parts keep their files
     * @param cache where the ClickHouse library is kept
     */
    public static List<Check> all(Path data, Path cache, ClickHouseLibrary library) {
        List<Check> checks = new ArrayList<>(List.of(
                Checks::java,
                Checks::shell,
                Checks::maven,
                Checks::platform,
                machine -> npm(machine, library),
                machine -> library(machine, library)));
        new TreeMap<>(PORTS).forEach((part, port) -> checks.add(machine -> port(machine, part, port)));
        checks.add(machine -> disk(machine, "disk for data", data));
        checks.add(machine -> disk(machine, "disk for cache", cache));
        checks.add(Checks::memory);
        return List.copyOf(checks);
    }

    static Finding java(Machine machine) {
        String seen = "Java " + machine.javaDescription();
        return machine.javaFeature() >= LEAST_JAVA
                ? Finding.ok("java", seen)
                : Finding.failed("java", seen, "install a JDK of version 17 or later and let JAVA_HOME point to it");
    }

    static Finding shell(Machine machine) {
        return machine.output(List.of("sh", "-c", "echo works"))
                .filter(output -> output.strip().equals("works"))
                .map(output -> Finding.ok("sh", "runs commands"))
                .orElseGet(() -> Finding.failed(
                        "sh", "no shell named sh that works", "install one: the launcher and the parts start with it"));
    }

    static Finding maven(Machine machine) {
        String advice = "install Maven 3.8 or later: building from the sources needs it";
        Optional<String> output = machine.output(List.of("mvn", "--version"));
        if (output.isEmpty()) {
            return Finding.failed("maven", "mvn does not run", advice);
        }
        Matcher version = VERSION.matcher(output.get());
        if (!version.find()) {
            return Finding.warning("maven", "mvn does not tell its version", advice);
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        boolean recent = major > LEAST_MAVEN.get(0) || (major == LEAST_MAVEN.get(0) && minor >= LEAST_MAVEN.get(1));
        String seen = "Maven " + version.group();
        return recent ? Finding.ok("maven", seen) : Finding.failed("maven", seen, advice);
    }

    /** Where the embedded ClickHouse is known to run. */
    static Finding platform(Machine machine) {
        String system = machine.operatingSystem().toLowerCase(Locale.ROOT);
        String seen = machine.operatingSystem() + " on " + machine.architecture();
        String advice = "give ClickHouse, Kafka and PostgreSQL as external servers or containers instead";
        boolean linux = system.startsWith("linux");
        boolean intel = List.of("amd64", "x86_64").contains(machine.architecture());
        boolean arm = List.of("aarch64", "arm64").contains(machine.architecture());
        if (linux && !machine.hasGlibc()) {
            return Finding.failed("platform", seen + " without glibc", advice);
        }
        if (linux && intel) {
            return Finding.ok("platform", seen);
        }
        if ((linux || system.startsWith("mac")) && (intel || arm)) {
            return Finding.warning("platform", seen + ": there is a library for it, but it was never tried", advice);
        }
        return Finding.failed("platform", seen + ": there is no embedded ClickHouse for it", advice);
    }

    static Finding npm(Machine machine, ClickHouseLibrary library) {
        Optional<String> npm = machine.output(List.of("npm", "--version"));
        if (npm.isPresent()) {
            return Finding.ok("npm", "npm " + npm.get().strip());
        }
        return library.cached().isPresent()
                ? Finding.warning("npm", "does not run", "install npm: a new version will want to fetch its ClickHouse")
                : Finding.failed(
                        "npm",
                        "does not run",
                        "install npm, which fetches ClickHouse once, or give a ClickHouse server (--clickhouse-url)");
    }

    static Finding library(Machine machine, ClickHouseLibrary library) {
        String name = "clickhouse library";
        if (library.cached().isPresent()) {
            return Finding.ok(name, "cached at " + library.cached().get());
        }
        return machine.output(List.of("npm", "--version")).isPresent()
                ? Finding.ok(name, "not cached; npm fetches it on the first start")
                : Finding.failed(name, "not cached, and no npm to fetch it", "see npm");
    }

    static Finding port(Machine machine, String part, int port) {
        String name = "port " + port;
        return machine.isPortFree(port)
                ? Finding.ok(name, "free, for " + part)
                : Finding.warning(name, "taken", "nothing: " + part + " takes a free one and says which");
    }

    static Finding disk(Machine machine, String name, Path path) {
        if (!machine.isWritable(path)) {
            return Finding.failed(name, path + " cannot be written", "choose another directory, or allow it");
        }
        OptionalLong free = machine.freeBytes(path);
        if (free.isEmpty()) {
            return Finding.warning(name, "nobody can tell how much is free at " + path, "see that 2 GiB are");
        }
        String seen = gibibytes(free.getAsLong()) + " free at " + path;
        return free.getAsLong() >= LEAST_DISK_BYTES
                ? Finding.ok(name, seen)
                : Finding.failed(name, seen, "free at least 2 GiB, or choose another directory");
    }

    static Finding memory(Machine machine) {
        OptionalLong memory = machine.memoryBytes();
        if (memory.isEmpty()) {
            return Finding.warning("memory", "nobody can tell how much there is", "see that 4 GiB are");
        }
        long bytes = memory.getAsLong();
        String seen = gibibytes(bytes) + " in all";
        if (bytes < LEAST_MEMORY_BYTES) {
            return Finding.failed("memory", seen, "use a machine with 4 GiB");
        }
        return bytes < COMFORTABLE_MEMORY_BYTES
                ? Finding.warning("memory", seen, "4 GiB are comfortable; large replays may be slow")
                : Finding.ok("memory", seen);
    }

    private static String gibibytes(long bytes) {
        long tenths = bytes / (GIB / 10);
        return tenths / 10 + "." + tenths % 10 + " GiB";
    }
}
