package io.tollgate.parts;

/** Hears how far the one-time fetch of an engine is. Called from the fetching thread, several times a second. */
@FunctionalInterface
public interface FetchProgress {

    /**
     * @param what what is fetched, in words
     * @param bytes what is on disk so far, between 0 and {@code totalBytes}, never less than before
     * @param totalBytes what there will be
     */
    void fetched(String what, long bytes, long totalBytes);

    /** Tells nobody. */
    static FetchProgress silent() {
        return (what, bytes, totalBytes) -> {};
    }
}
