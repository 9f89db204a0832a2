package io.tollgate.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fetch, with a small archive and a stand-in for npm that writes where npm writes. */
final class ClickHouseLibraryTest {

    private static final byte[] LIBRARY = "not really a library".repeat(1000).getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path temporary;

    private ClickHouseBuild build;

    @BeforeEach
    void packAnArchive() throws IOException {
        Path archive = temporary.resolve("archive.tgz");
        try (var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(Files.newOutputStream(archive)))) {
            TarArchiveEntry entry = new TarArchiveEntry("package/libtest.so");
            entry.setSize(LIBRARY.length);
            tar.putArchiveEntry(entry);
            tar.write(LIBRARY);
            tar.closeArchiveEntry();
        }
        Path library = Files.write(temporary.resolve("library"), LIBRARY);
        build = new ClickHouseBuild(
                "Linux",
                "amd64",
                "@test/library",
                "1.2.3",
                Base64.getEncoder().encodeToString(Hashes.of(archive, "SHA-512")),
                Files.size(archive),
                "package/libtest.so",
                HexFormat.of().formatHex(Hashes.of(library, "SHA-256")),
                LIBRARY.length);
        npm("""
            echo "$@" >> %1$s/calls
            mkdir -p "$npm_config_cache/_cacache/tmp"
            cp %1$s/archive.tgz "$npm_config_cache/_cacache/tmp/part"
            cp %1$s/archive.tgz test-library-1.2.3.tgz
            """.formatted(temporary));
    }

    private void npm(String script) throws IOException {
        Path program = Files.createDirectories(temporary.resolve("bin")).resolve("npm");
        Files.writeString(program, "#!/bin/sh\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private ClickHouseLibrary library(ClickHouseBuild pinned) {
        String searchPath = temporary.resolve("bin").toString();
        return new ClickHouseLibrary(temporary.resolve("cache"), pinned, () -> PackageFetch.onSearchPath(searchPath));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(temporary.resolve("calls"));
    }

    @Test
    void theLibraryIsFetchedOnceAndProgressEndsWithTheWhole() throws IOException {
        List<Long> progress = new ArrayList<>();

        Path first = library(build).fetched((what, bytes, total) -> progress.add(bytes));
        Path second = library(build).fetched(FetchProgress.silent());

        assertThat(first).isEqualTo(second).hasBinaryContent(LIBRARY);
        assertThat(calls()).singleElement().asString().startsWith("pack @test/library@1.2.3 ");
        assertThat(progress).isSorted().endsWith(build.archiveBytes());
        try (Stream<Path> left = Files.list(first.getParent())) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("libtest.so", "libtest.so.checked", "fetch.lock");
        }
    }

    @Test
    void twoWhoNeedItAtOnceFetchItOnce() throws IOException {
        List<CompletableFuture<Path>> fetches = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> library(build).fetched(FetchProgress.silent())))
                .limit(2)
                .toList();

        assertThat(fetches).allSatisfy(fetch -> assertThat(fetch.join()).hasBinaryContent(LIBRARY));
        assertThat(calls()).hasSize(1);
    }

    @Test
    void anotherHashIsRefusedAndThrownAway() throws IOException {
        ClickHouseBuild other = new ClickHouseBuild(
                build.system(),
                build.architecture(),
                build.packageName(),
                build.version(),
                ClickHouseBuild.PINNED.get(0).archiveSha512(),
                build.archiveBytes(),
                build.libraryEntry(),
                build.librarySha256(),
                build.libraryBytes());

        var refusal = catchThrowableOfType(
                PartUnavailableException.class, () -> library(other).fetched(FetchProgress.silent()));

        assertThat(refusal.code()).isEqualTo("fetch_corrupt");
        assertThat(refusal)
                .hasMessageContaining(build.archiveSha512())
                .hasMessageContaining(other.archiveSha512())
                .hasMessageContaining("--clickhouse-url");
        try (Stream<Path> left = Files.list(temporary.resolve("cache"))) {
            assertThat(left).containsExactly(temporary.resolve("cache").resolve("fetch.lock"));
        }
    }

    @Test
    void aTruncatedLibraryIsFetchedAgain() throws IOException {
        Path library = library(build).fetched(FetchProgress.silent());
        Files.write(library, new byte[] {1, 2, 3});

        assertThat(library(build).fetched(FetchProgress.silent())).hasBinaryContent(LIBRARY);
        assertThat(calls()).hasSize(2);
    }

    @Test
    void aDamagedLibraryIsFetchedAgainAndACopiedOneIsNot() throws IOException {
        Path library = library(build).fetched(FetchProgress.silent());
        Files.setLastModifiedTime(library, FileTime.fromMillis(1_000_000));
        library(build).fetched(FetchProgress.silent());
        assertThat(calls()).hasSize(1);

        Files.write(library, new byte[LIBRARY.length]);
        Files.setLastModifiedTime(library, FileTime.fromMillis(2_000_000));
        assertThat(library(build).fetched(FetchProgress.silent())).hasBinaryContent(LIBRARY);
        assertThat(calls()).hasSize(2);
    }

    @Test
    void withoutNpmBothWaysOutAreNamed() throws IOException {
        Files.delete(temporary.resolve("bin").resolve("npm"));

        var refusal = catchThrowableOfType(
                PartUnavailableException.class, () -> library(build).fetched(FetchProgress.silent()));

        assertThat(refusal.reason()).isEqualTo(Reason.NPM_MISSING);
        assertThat(refusal)
                .hasMessageContaining("-Dtollgate.parts=containers")
                .hasMessageContaining("--clickhouse-url URL");
    }

    @Test
    void whatNpmSaysIsPassedOnWhenItFails() throws IOException {
        npm("echo 'npm error code ENOTFOUND' >&2; exit 1");

        var refusal = catchThrowableOfType(
                PartUnavailableException.class, () -> library(build).fetched(FetchProgress.silent()));

        assertThat(refusal.code()).isEqualTo("fetch_failed");
        assertThat(refusal)
                .hasMessageContaining("npm error code ENOTFOUND")
                .hasMessageContaining("-Dtollgate.parts=containers")
                .hasMessageContaining("--clickhouse-url URL");
    }

    @Test
    void aSystemWithoutAPinnedBuildIsToldBothWaysOut() {
        var refusal =
                catchThrowableOfType(PartUnavailableException.class, () -> ClickHouseBuild.pinnedFor("Plan 9", "mips"));

        assertThat(refusal.code()).isEqualTo("platform_unsupported");
        assertThat(refusal)
                .hasMessageContaining("-Dtollgate.parts=containers")
                .hasMessageContaining("--clickhouse-url URL");
    }
}
