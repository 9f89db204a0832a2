package io.tollgate.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory for what is not finished, on the same file system as its place, so that the finished can be moved. */
record Scratch(Path path) implements AutoCloseable {

    private static final String PREFIX = "unfinished-";

    /** Makes one, and deletes what killed processes left; the caller holds the lock of the parent. */
    static Scratch in(Path parent) throws IOException {
        try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path leftOver : leftOvers) {
                delete(leftOver);
            }
        }
        return new Scratch(Files.createTempDirectory(parent, PREFIX));
    }

    @Override
    public void close() {
        try {
            delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a tree, also one in which others still delete. */
    static void delete(Path tree) throws IOException {
        if (Files.notExists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            @SuppressWarnings("NullAway") // the visitor's contract: null when nothing went wrong
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
