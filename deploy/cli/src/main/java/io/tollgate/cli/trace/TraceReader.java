package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a trace, a line at a time: memory does not grow with the file, but for what a format must remember. Not for
 * many threads.
 *
 * <p>{@link #hasNext()} throws {@link UncheckedIOException} when the file cannot be read on, or when at its end it turns out
 * not to be the file that was looked through first: what was counted for progress is then not what was read.
 */
public final class TraceReader implements Iterator<TraceLine>, Closeable {

    private final Path file;
    private final Lines lines;
    private final LineParser parser;
    private final LineNames names = new LineNames();
    private final BooleanSupplier unchanged;
    private @Nullable TraceLine next;
    private boolean ended;
    private long line;

    TraceReader(Path file, Lines lines, LineParser parser, BooleanSupplier unchanged) {
        this.file = file;
        this.lines = lines;
        this.parser = parser;
        this.unchanged = unchanged;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && !ended) {
                Optional<RawLine> raw = lines.next();
                if (raw.isPresent()) {
                    line = raw.get().number();
                    next = parse(raw.get()).orElse(null);
                } else {
                    end();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ", line " + (line + 1) + ": " + e.getMessage(), e);
        }
        return next != null;
    }

    @Override
    public TraceLine next() {
        TraceLine found = hasNext() ? next : null;
        if (found == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return found;
    }

    /** Physical lines read so far, for progress: of {@link Trace#lines()}. */
    public long linesRead() {
        return line;
    }

    /** The rest of the lines; closing the stream closes this. */
    public Stream<TraceLine> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, traits), false)
                .onClose(this::closeUnchecked);
    }

    @Override
    public void close() throws IOException {
        ended = true;
        next = null;
        lines.close();
    }

    private Optional<TraceLine> parse(RawLine raw) {
        if (raw.isTooLong()) {
            return Optional.of(raw.bad("line_too_long", "the line is longer than " + LineReader.MAX_BYTES + " bytes"));
        }
        if (raw.isBlank()) {
            return Optional.empty();
        }
        try {
            Optional<UsageEvent> event = parser.parse(raw, names.next(raw.bytes()));
            return event.map(usage -> new TraceLine.Usage(raw.number(), usage));
        } catch (FaultyLineException e) {
            return Optional.of(raw.bad(e.reason(), e.detail()));
        }
    }

    private void end() throws IOException {
        ended = true;
        if (!unchanged.getAsBoolean()) {
            throw new IOException("the file changed while it was being read");
        }
    }

    private void closeUnchecked() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
