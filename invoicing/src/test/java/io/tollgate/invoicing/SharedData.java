package io.tollgate.invoicing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Outside material that is not part of the repository: it lies in {@code ../shared/data} beside the project, or where the
 * environment variable {@code TOLLGATE_SHARED_DATA} says.
 */
public final class SharedData {

    private SharedData() {}

    /** The file, or the running test is skipped with a message that says what is missing. */
    public static Path require(String name) {
        Path file = directory().resolve(name);
        assumeTrue(Files.isReadable(file), () -> "skipped: needs " + file + ", which is not there");
        return file;
    }

    private static Path directory() {
        return Optional.ofNullable(System.getenv("TOLLGATE_SHARED_DATA"))
                .map(Path::of)
                .orElseGet(() -> projectRoot().resolveSibling("shared").resolve("data"));
    }

    private static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory.getParent() != null && !Files.isDirectory(directory.resolve("schemas"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
