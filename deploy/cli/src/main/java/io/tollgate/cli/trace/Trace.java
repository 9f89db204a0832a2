package io.tollgate.cli.trace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A trace file that was looked through once: how long it is, and what its events will be called. The events' source is
 * {@code replay/<format>/<32 hexadecimal digits>}, a digest of the format and its settings, and an event's id says what
 * stands on its line ({@link LineNames}). Replaying the same again names the same events, packed or not, renamed, mended
 * or made longer, and the same file for another tenant, model or start is other usage.
 */
public final class Trace {

    private static final int IDENTITY_BYTES = 16;

    private final Path file;
    private final TraceFormat format;
    private final long lines;
    private final long bytes;
    private final byte[] contentDigest;
    private final String source;

    private Trace(Path file, TraceFormat format, long lines, long bytes, byte[] contentDigest) {
        this.file = file;
        this.format = format;
        this.lines = lines;
        this.bytes = bytes;
        this.contentDigest = contentDigest;
        this.source = "replay/" + format.name() + "/" + identity(format);
    }

    /**
     * Reads the file once from end to end.
     *
     * @throws IOException when it cannot be read, or is packed and broken
     */
    public static Trace open(Path file, TraceFormat format) throws IOException {
        Content content = Content.of(file, format);
        if (!format.isParquet()) {
            return new Trace(file, format, content.lines, content.bytes, content.digest);
        }
        try (ParquetRows rows = new ParquetRows(file)) {
            return new Trace(file, format, rows.count(), content.bytes, content.digest);
        }
    }

    /** Of the bytes: of Parquet as they stand in the file, otherwise unpacked. */
    private static final class Content {

        private final long lines;
        private final long bytes;
        private final byte[] digest;

        private Content(long lines, long bytes, byte[] digest) {
            this.lines = lines;
            this.bytes = bytes;
            this.digest = digest;
        }

        static Content of(Path file, TraceFormat format) throws IOException {
            MessageDigest content = sha256();
            long lines = 0;
            long bytes = 0;
            byte last = '\n';
            byte[] chunk = new byte[1 << 16];
            try (InputStream in = format.isParquet() ? Files.newInputStream(file) : TraceBytes.open(file)) {
                for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
                    content.update(chunk, 0, read);
                    bytes += read;
                    for (int i = 0; i < read; i++) {
                        if (chunk[i] == '\n') {
                            lines++;
                        }
                    }
                    last = chunk[read - 1];
                }
            }
            return new Content(last == '\n' ? lines : lines + 1, bytes, content.digest());
        }
    }

    /** Where it stands. */
    public Path file() {
        return file;
    }

    /** The CloudEvents source of its events; events that bring a source along keep their own. */
    public String source() {
        return source;
    }

    /** Physical lines, header and blank ones included; of Parquet its rows. */
    public long lines() {
        return lines;
    }

    /** SHA-256 of its content, packed or not, in hexadecimal digits. */
    public String digest() {
        return HexFormat.of().formatHex(contentDigest);
    }

    /** Size in bytes, unpacked. */
    public long bytes() {
        return bytes;
    }

    /**
     * Starts a pass over its lines.
     *
     * @throws IOException when the file cannot be opened
     */
    public TraceReader read() throws IOException {
        LineParser parser = format.parser(source);
        if (format.isParquet()) {
            // It is not read from end to end, so there is nothing to digest on the way.
            return new TraceReader(file, new ParquetRows(file), parser, this::isUnchanged);
        }
        MessageDigest content = sha256();
        InputStream in = new DigestInputStream(TraceBytes.open(file), content);
        return new TraceReader(
                file, new LineReader(in), parser, () -> MessageDigest.isEqual(content.digest(), contentDigest));
    }

    private boolean isUnchanged() {
        try {
            return MessageDigest.isEqual(Content.of(file, format).digest, contentDigest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String identity(TraceFormat format) {
        MessageDigest identity = sha256();
        text(identity, format.name());
        format.settings().forEach(setting -> text(identity, setting));
        return HexFormat.of().formatHex(identity.digest(), 0, IDENTITY_BYTES);
    }

    /** Preceded by its length, so that no two lists of values read the same. */
    private static void text(MessageDigest digest, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        digest.update((utf8.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(utf8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
