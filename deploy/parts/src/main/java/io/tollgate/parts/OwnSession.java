package io.tollgate.parts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs on the search path, and the one that runs a command out of the terminal's reach. Where {@code setsid} is
 * missing (macOS) the ignored signals of {@link Child} must do.
 */
final class OwnSession {

    static final List<String> PREFIX = program("setsid").map(List::of).orElse(List.of());

    private OwnSession() {}

    static Optional<String> program(String name) {
        return program(name, System.getenv().getOrDefault("PATH", ""));
    }

    static Optional<String> program(String name, String searchPath) {
        return Stream.of(searchPath.split(java.io.File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .map(Path::toString)
                .findFirst();
    }
}
