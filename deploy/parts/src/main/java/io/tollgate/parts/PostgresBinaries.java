package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, which come as an archive on the class path and are unpacked once into the user's cache. */
final class PostgresBinaries {

    /** System and architecture, as Java names them, to the archive's name. */
    private static final Map<String, String> ARCHIVES = Map.of(
            "Linux amd64", "/postgres-linux-x86_64.txz",
            "Linux aarch64", "/postgres-linux-arm_64.txz",
            "Mac OS X x86_64", "/postgres-darwin-x86_64.txz",
            "Mac OS X aarch64", "/postgres-darwin-arm_64.txz");

    private PostgresBinaries() {}

    static boolean isPinnedFor(String system, String architecture) {
        return ARCHIVES.containsKey(system + " " + architecture);
    }

    /** The directory with {@code bin}, {@code lib} and {@code share}. */
    static Path unpacked() {
        URL archive = archive(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path cache = UserCache.directory();
        try {
            Path home = cache.resolve("postgres-" + version(archive));
            if (Files.isDirectory(home)) {
                return home;
            }
            return UserCache.alone(cache.resolve("postgres.lock"), () -> {
                if (!Files.isDirectory(home)) {
                    unpack(archive, cache, home);
                }
                return home;
            });
        } catch (IOException e) {
            throw new PartUnavailableException(
                    Reason.DIRECTORY_UNUSABLE, "PostgreSQL could not be unpacked into " + cache + ": " + e, e);
        }
    }

    private static URL archive(String system, String architecture) {
        String name = ARCHIVES.get(system + " " + architecture);
        URL archive = name == null ? null : PostgresBinaries.class.getResource(name);
        if (archive == null) {
            throw new PartUnavailableException(
                    Reason.PLATFORM_UNSUPPORTED,
                    "There is no embedded PostgreSQL for " + system + " on " + architecture
                            + ". Name a server that runs, or run it in a container.");
        }
        return archive;
    }

    /** The archive's checksum, so that another release is unpacked beside this one; a jar knows it already. */
    private static String version(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        try (CheckedInputStream bytes = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            bytes.transferTo(java.io.OutputStream.nullOutputStream());
            return Long.toHexString(bytes.getChecksum().getValue());
        }
    }

    private static void unpack(URL archive, Path cache, Path home) throws IOException {
        try (Scratch scratch = Scratch.in(Files.createDirectories(cache.resolve("unpacking")))) {
            Path target = Files.createDirectory(scratch.path().resolve("postgres"));
            try (InputStream bytes = new BufferedInputStream(archive.openStream(), 1 << 16);
                    var tar = new TarArchiveInputStream(new XZCompressorInputStream(bytes))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpack(tar, entry, target);
                }
            }
            Files.move(target, home, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("The archive names " + entry.getName() + ", outside of its directory");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, target.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(tar, path);
            if (path.startsWith(target.resolve("bin")) && !path.toFile().setExecutable(true)) {
                throw new IOException(path + " cannot be made executable");
            }
        }
    }
}
