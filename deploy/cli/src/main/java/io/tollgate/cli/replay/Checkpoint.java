package io.tollgate.cli.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * How far a replay came that did not come to its end. What it says stays true whatever happens later, so that two replays
 * of one file do no harm to each other.
 *
 * @param replay what is replayed where: file, cluster and options, by name
 * @param started when the first part of it began, RFC 3339: the rules that look at the clock must judge a line as before
 * @param line all up to this line of the file is acknowledged
 * @param rejectedFrom where each partition of the rejected topic ended when the first part began
 * @param sent where in Kafka the events are: by partition the last offset of each range, by its first
 */
record Checkpoint(
        SortedMap<String, String> replay,
        String started,
        long line,
        SortedMap<Integer, Long> rejectedFrom,
        SortedMap<String, SortedMap<Long, Long>> sent) {

    /** By which name it says whose events were spread over partitions. */
    static final String SALTED = "the instance's --salted-tenants";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * What a file says.
     *
     * @throws UserException when it cannot be read or is no checkpoint
     */
    static Optional<Checkpoint> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), Checkpoint.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new UserException(
                    ExitCode.DATA_ERROR, file + " is not the checkpoint of a replay", "name another, or use --restart");
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(file, Sentence.of(e)), "");
        }
    }

    /** Writes it whole or not at all, and so that it survives a loss of power. */
    void write(Path file) {
        Path draft = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel out = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer json = ByteBuffer.wrap(JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
                while (json.hasRemaining()) {
                    out.write(json);
                }
                out.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot write the checkpoint %s: %s".formatted(file, Sentence.of(e)),
                    "name another place with --checkpoint FILE");
        }
    }

    /**
     * Sees to it that the same is replayed.
     *
     * @throws UserException when something else is
     */
    void mustBeOf(SortedMap<String, String> other, Path file) {
        TreeSet<String> names = new TreeSet<>(replay.keySet());
        names.addAll(other.keySet());
        names.removeIf(name -> replay.getOrDefault(name, "").equals(other.getOrDefault(name, "")));
        if (!names.isEmpty()) {
            throw new UserException(
                    ExitCode.DATA_ERROR,
                    "%s is of a replay that stopped at line %,d and was another: %s changed since"
                            .formatted(file, line, String.join(", ", names)),
                    names.contains(SALTED)
                            ? "start the instance as before, until this replay is done: what is sent once with them and"
                                    + " once without counts twice"
                            : "replay as before to go on with that one, begin this one anew with --restart, or keep both"
                                    + " with --checkpoint FILE");
        }
    }
}
