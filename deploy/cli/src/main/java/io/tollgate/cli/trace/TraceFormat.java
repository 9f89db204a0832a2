package io.tollgate.cli.trace;

import java.util.List;

/** How the lines of a trace are to be understood, with all that the file itself does not say. */
public sealed interface TraceFormat permits AzureLlmTrace, MooncakeTrace, CloudEventsTrace, MappedTrace {

    /** As it is written on the command line. */
    String name();

    /** Everything besides the file's content that decides what its events look like, in a fixed order. */
    List<String> settings();

    /** Whether the file is Parquet; any other is lines of text, packed or not. */
    default boolean isParquet() {
        return false;
    }

    /**
     * A parser for one pass from the first line to the last.
     *
     * @param source the CloudEvents source of the events
     */
    LineParser parser(String source);
}
