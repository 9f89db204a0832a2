package io.tollgate.cli.instance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/**
 * Where an instance keeps everything. One process holds it at a time.
 *
 * <pre>
 * kafka/ clickhouse/ postgres/   the parts' own data
 * streams/                       the job's stores
 * spool/                         events that the edge keeps while Kafka is away
 * bodies/                        large bodies while the edge works on them; the files have no names
 * logs/                          one log for each
 * tokens.json                    drawn at the first start
 * instance-id                    drawn at the first start
 * ready.json                     there while the instance is healthy
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Where instances live when nobody says otherwise: {@code $TOLLGATE_DATA}, or the user's data directory. */
    public static Path defaultRoot() {
        return environment("TOLLGATE_DATA")
                .or(() -> environment("XDG_DATA_HOME").map(home -> home.resolve("tollgate")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share", "tollgate"));
    }

    /** Where the instance of that directory writes its ready file. */
    public static Path readyFile(Path root) {
        return root.resolve("ready.json");
    }

    /** Takes hold of the directory, making it if it is not there. */
    public static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root.resolve("logs"));
            FileChannel lockFile =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                lockFile.close();
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "another instance is running on " + root,
                        "stop it, or give this one a directory of its own with --data");
            }
            return new DataDirectory(root.toAbsolutePath().normalize(), lockFile);
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot use the data directory %s: %s".formatted(root, Sentence.of(e)),
                    "give another one with --data");
        }
    }

    private static boolean lock(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    public Path root() {
        return root;
    }

    public Path of(String part) {
        return root.resolve(part);
    }

    public Path log(String part) {
        return root.resolve("logs").resolve(part + ".log");
    }

    public Path readyFile() {
        return readyFile(root);
    }

    /** Where the bearer tokens are. */
    Path tokensFile() {
        return root.resolve("tokens.json");
    }

    /** The bearer tokens, drawn at the first start and kept. */
    public Tokens tokens() throws IOException {
        Path file = tokensFile();
        if (!Files.exists(file)) {
            Path draft = Files.createTempFile(
                    root,
                    ".tokens",
                    ".json",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, JSON.writeValueAsString(Tokens.draw(new SecureRandom())));
            Files.move(draft, file);
        }
        return JSON.readValue(file.toFile(), Tokens.class);
    }

    /** Tells the instance of this directory from all others that use the same Kafka, and is the same after a restart. */
    public String instanceId() throws IOException {
        Path file = root.resolve("instance-id");
        if (!Files.exists(file)) {
            Path draft = Files.createTempFile(root, ".instance", ".id");
            Files.writeString(draft, UUID.randomUUID() + "\n");
            Files.move(draft, file);
        }
        return Files.readString(file).strip();
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Optional<Path> environment(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }
}
