package io.tollgate.cli.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;

/** An instance in a fresh directory that goes when the instance goes: for the demo and for benchmarks. */
public final class ScratchInstance implements AutoCloseable {

    private final Path root;
    private final DataDirectory directory;
    private final Instance instance;

    private ScratchInstance(Path root, DataDirectory directory, Instance instance) {
        this.root = root;
        this.directory = directory;
        this.instance = instance;
    }

    /** Starts one; see {@link Instance#start}. */
    public static ScratchInstance start(String purpose, InstanceOptions.WantedPorts ports, Consumer<String> tell) {
        Path root;
        try {
            root = Files.createTempDirectory("tollgate-" + purpose + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DataDirectory directory = DataDirectory.open(root);
        io.tollgate.cli.Logs.to(directory.log("tollgate"));
        try {
            return new ScratchInstance(
                    root, directory, Instance.start(directory, InstanceOptions.embedded(ports), tell));
        } catch (RuntimeException e) {
            // The directory stays: its logs say why.
            directory.close();
            throw e;
        }
    }

    public Instance instance() {
        return instance;
    }

    /** Removes the directory, once the instance is down. */
    public void remove() {
        directory.close();
        FileUtils.deleteQuietly(root.toFile());
    }

    @Override
    public void close() {
        instance.close();
        remove();
    }
}
