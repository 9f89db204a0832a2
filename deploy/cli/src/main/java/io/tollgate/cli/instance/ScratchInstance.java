package io.tollgate.cli.instance;

import io.tollgate.cli.Logs;
import io.tollgate.cli.Stop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/**
 * An instance in a fresh directory that goes when the instance goes: for the demo and for benchmarks. The directory also
 * goes when the process is stopped; it stays when something failed, because its logs say why.
 */
public final class ScratchInstance implements AutoCloseable {

    private final Path root;
    private final DataDirectory directory;
    private final Instance instance;
    private final PrintWriter err;
    private final Stop stop;
    private boolean succeeded;

    private ScratchInstance(Path root, PrintWriter err) {
        this.root = root;
        this.directory = DataDirectory.open(root);
        this.instance = Instance.on(directory);
        this.err = err;
        this.stop = Stop.with(this::takeDown, () -> {});
    }

    /**
     * Starts one; see {@link Instance#start}.
     *
     * @param err hears where the directory is when it is kept
     */
    public static ScratchInstance start(String purpose, InstanceOptions.WantedPorts ports, PrintWriter err) {
        Path root;
        try {
            root = Files.createTempDirectory("tollgate-" + purpose + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ScratchInstance scratch = new ScratchInstance(root, err);
        Logs.to(scratch.directory.log("tollgate"));
        try {
            scratch.instance.start(InstanceOptions.embedded(ports), what -> {});
            scratch.instance.writeReadyFile();
            return scratch;
        } catch (IOException e) {
            scratch.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    public Instance instance() {
        return instance;
    }

    /** What it was for is done: nobody needs its directory any more. */
    public void succeeded() {
        succeeded = true;
    }

    /** Stays until somebody stops it. */
    public RuntimeException hold() {
        Foreground foreground = Foreground.of(instance, this::remove);
        stop.cancel();
        return foreground.hold();
    }

    @Override
    public void close() {
        stop.cancel();
        if (Stop.isUnderWay()) {
            return;
        }
        if (succeeded) {
            takeDown();
        } else {
            instance.close();
            directory.close();
            err.println("The directory with the logs is kept: " + root);
            err.flush();
        }
    }

    private void takeDown() {
        instance.close();
        remove();
    }

    private void remove() {
        directory.close();
        FileUtils.deleteQuietly(root.toFile());
    }
}
