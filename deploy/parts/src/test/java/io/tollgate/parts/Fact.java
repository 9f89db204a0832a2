package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** How a test makes an engine remember something, and asks for all that it remembers. */
interface Fact {

    Part start(Path directory, int wantedPort, Path log);

    /** Returns once the engine has promised to keep the fact. */
    void write(String endpoint, String fact) throws Exception;

    Set<String> read(String endpoint) throws Exception;

    /** Makes a directory in which the engine cannot start. */
    void spoil(Path directory) throws IOException;
}
