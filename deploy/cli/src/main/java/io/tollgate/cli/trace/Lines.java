package io.tollgate.cli.trace;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The lines or rows of a file, one after the other, never more than one of them held as bytes. */
interface Lines extends Closeable {

    /**
     * The next one, or empty at the end.
     *
     * @throws IOException when the file cannot be read on
     */
    Optional<RawLine> next() throws IOException;
}
