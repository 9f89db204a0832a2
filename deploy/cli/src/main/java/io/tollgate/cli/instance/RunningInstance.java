package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How a command finds the instance it is to talk to. A picocli mixin. */
public final class RunningInstance {

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The ready file of the instance to talk to. Default: $TOLLGATE_READY_FILE, else ready.json in"
                    + " the default data directory.")
    private @Nullable Path readyFile;

    /**
     * What the instance says of itself.
     *
     * @throws UserException when none is running there
     */
    public ReadyFile find() {
        Path file = file();
        ReadyFile ready;
        try {
            ready = ReadyFile.read(file);
        } catch (NoSuchFileException e) {
            throw notRunning("no instance is running: there is no ready file at " + file);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    message.contains("ready file") ? message : "cannot read %s: %s".formatted(file, Sentence.of(e)),
                    "name another one with --ready-file");
        }
        boolean alive =
                ProcessHandle.of(ready.pid()).map(ProcessHandle::isAlive).orElse(false);
        if (!alive) {
            throw notRunning("the instance of %s has ended (process %d is gone)".formatted(file, ready.pid()));
        }
        return ready;
    }

    /** What the instance says of itself, if one is running there. */
    public Optional<ReadyFile> findIfRunning() {
        try {
            return Optional.of(find());
        } catch (UserException e) {
            return Optional.empty();
        }
    }

    /** Where its ready file is. */
    public Path directory() {
        return Objects.requireNonNull(file().toAbsolutePath().getParent(), "a file is in a directory");
    }

    private Path file() {
        if (readyFile != null) {
            return readyFile;
        }
        String environment = System.getenv("TOLLGATE_READY_FILE");
        if (environment != null && !environment.isBlank()) {
            return Path.of(environment);
        }
        return DataDirectory.readyFile(DataDirectory.defaultRoot());
    }

    private static UserException notRunning(String message) {
        return new UserException(
                ExitCode.UNAVAILABLE,
                message,
                "start one with 'tollgate up', or name a running one with --ready-file FILE");
    }
}
