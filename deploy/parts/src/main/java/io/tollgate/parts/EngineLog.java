package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an engine wrote into its log since a given start. */
final class EngineLog {

    private static final int TAIL_LINES = 12;
    private static final int TAIL_BYTES = 16_384;

    private final Path file;
    private final long startBytes;

    private EngineLog(Path file, long startBytes) {
        this.file = file;
        this.startBytes = startBytes;
    }

    /** Looks at what will be appended from now on. */
    static EngineLog from(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Path parent = absolute.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return new EngineLog(absolute, Files.exists(absolute) ? Files.size(absolute) : 0);
        } catch (IOException e) {
            throw new PartUnavailableException(
                    Reason.DIRECTORY_UNUSABLE, "The log " + absolute + " cannot be written: " + e, e);
        }
    }

    Path file() {
        return file;
    }

    boolean says(String words) {
        return tail().stream().anyMatch(line -> line.contains(words));
    }

    /** The last lines, at most 12, that were written since the start. */
    List<String> tail() {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(startBytes, channel.size() - TAIL_BYTES));
            InputStream rest = Channels.newInputStream(channel);
            List<String> lines = new String(rest.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
