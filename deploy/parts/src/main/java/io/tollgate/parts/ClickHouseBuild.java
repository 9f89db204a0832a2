package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.util.List;

/**
 * A pinned build of ClickHouse as a library: the package, the archive that the package manager gives for it, and the
 * file in it. A build is listed here once somebody has fetched it, hashed it and run this module's tests on it.
 *
 * @param system as in the {@code os.name} of Java
 * @param architecture as in the {@code os.arch} of Java
 * @param archiveSha512 in base64, the form of a lock file's {@code integrity}
 * @param librarySha256 in hexadecimal
 */
record ClickHouseBuild(
        String system,
        String architecture,
        String packageName,
        String version,
        String archiveSha512,
        long archiveBytes,
        String libraryEntry,
        String librarySha256,
        long libraryBytes) {

    static final List<ClickHouseBuild> PINNED = List.of(new ClickHouseBuild(
            "Linux",
            "amd64",
            "@chdb/lib-linux-x64-gnu",
            "26.7.3-stable.1",
            "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
            177_817_999L,
            "package/libchdb.so",
            "36ad4e999882821ef13cf2d0f52c93f48e6ee1b4498b35a201c23ce4b8d15bf5",
            566_330_096L));

    static final String WAYS_OUT = "Two ways out: run it in a container (a Docker engine must be there; for tests"
            + " -Dtollgate.parts=containers), or name a ClickHouse server that runs: --clickhouse-url URL.";

    static boolean isPinnedFor(String system, String architecture) {
        return PINNED.stream().anyMatch(build -> build.runsOn(system, architecture));
    }

    /** @throws PartUnavailableException when no build is pinned for this system */
    static ClickHouseBuild pinnedFor(String system, String architecture) {
        return PINNED.stream()
                .filter(build -> build.runsOn(system, architecture))
                .findFirst()
                .orElseThrow(() -> new PartUnavailableException(
                        Reason.PLATFORM_UNSUPPORTED,
                        "There is no embedded ClickHouse for " + system + " on " + architecture + ". " + WAYS_OUT));
    }

    private boolean runsOn(String otherSystem, String otherArchitecture) {
        return system.equals(otherSystem) && architecture.equals(otherArchitecture);
    }

    String packageSpec() {
        return packageName + "@" + version;
    }

    String libraryFile() {
        return libraryEntry.substring(libraryEntry.lastIndexOf('/') + 1);
    }
}
