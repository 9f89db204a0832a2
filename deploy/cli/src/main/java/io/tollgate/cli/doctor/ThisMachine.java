package io.tollgate.cli.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The machine that this runs on. */
public final class ThisMachine implements Machine {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where the loaders of musl lie; glibc's have other names. */
    private static final List<String> MUSL_LOADERS = List.of("/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1");

    @Override
    public int javaFeature() {
        return Runtime.version().feature();
    }

    @Override
    public String javaDescription() {
        return Runtime.version() + ", " + System.getProperty("java.vendor", "unknown vendor");
    }

    @Override
    public String operatingSystem() {
        return System.getProperty("os.name", "unknown");
    }

    @Override
    public String architecture() {
        return System.getProperty("os.arch", "unknown");
    }

    @Override
    public boolean hasGlibc() {
        return MUSL_LOADERS.stream().noneMatch(loader -> Files.exists(Path.of(loader)));
    }

    @Override
    public Optional<String> output(List<String> command) {
        Path output = null;
        try {
            // Into a file, so that a command that says much and hangs cannot make this one hang.
            output = Files.createTempFile("tollgate-doctor", ".txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            // Nothing to read: a command that asks a question gets no answer and ends.
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return Optional.empty();
            }
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            delete(output);
        }
    }

    @Override
    public boolean isPortFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do it: a port in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public OptionalLong freeBytes(Path path) {
        try {
            return OptionalLong.of(Files.getFileStore(existing(path)).getUsableSpace());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public boolean isWritable(Path path) {
        Path existing = existing(path);
        return Files.isDirectory(existing) && Files.isWritable(existing);
    }

    @Override
    public OptionalLong memoryBytes() {
        OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
        return bean instanceof com.sun.management.OperatingSystemMXBean system
                ? OptionalLong.of(system.getTotalMemorySize())
                : OptionalLong.empty();
    }

    /** The path, or the nearest directory above it that there is. */
    private static Path existing(Path path) {
        Path at = path.toAbsolutePath().normalize();
        while (at.getParent() != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // It lies among temporary files and is small: whoever clears those will find it.
                file.toFile().deleteOnExit();
            }
        }
    }
}
