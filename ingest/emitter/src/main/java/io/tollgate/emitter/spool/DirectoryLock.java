package io.tollgate.emitter.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a directory for one spool; the operating system gives it back when the process ends, however it ends. */
final class DirectoryLock implements AutoCloseable {

    /**
     * What this process has. It is asked before the file is opened: closing any descriptor of a file drops all locks that
     * the process has on it (POSIX, fcntl), also that of another spool.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path realPath;
    private final FileChannel channel;

    private DirectoryLock(Path realPath, FileChannel channel) {
        this.realPath = realPath;
        this.channel = channel;
    }

    /** @throws IllegalStateException when somebody has it */
    static DirectoryLock take(Path directory) throws IOException {
        Path realPath = directory.toRealPath();
        if (!OURS.add(realPath)) {
            throw inUse(directory);
        }
        try {
            return new DirectoryLock(realPath, locked(directory));
        } catch (IOException | RuntimeException e) {
            OURS.remove(realPath);
            throw e;
        }
    }

    private static FileChannel locked(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(directory);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static IllegalStateException inUse(Path directory) {
        return new IllegalStateException("the spool in " + directory + " is in use; give each emitter its own");
    }

    /** Makes durable which files a directory has. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            // Windows opens no directories; its file systems log such changes by themselves.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        // The second time it may be somebody else's.
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                OURS.remove(realPath);
            }
        }
    }
}
