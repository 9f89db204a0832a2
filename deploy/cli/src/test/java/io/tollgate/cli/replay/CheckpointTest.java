package io.tollgate.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.cli.UserException;
import io.tollgate.emitter.Emitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    private static final Map<String, String> REPLAY = Map.of("the file", "abc", "--tenant", "acme", "--region", "");

    @TempDir
    Path directory;

    private static Checkpoint checkpoint() {
        Places places = new Places();
        places.add(new Emitted("usage-events", 3, 7));
        places.add(new Emitted("usage-events", 3, 8));
        places.add(new Emitted("usage-events", 3, 10));
        return new Checkpoint(
                new TreeMap<>(REPLAY), "2026-01-01T00:00:00Z", 42, new TreeMap<>(Map.of(0, 5L)), places.ranges());
    }

    @Test
    void itIsReadAsItWasWritten() {
        Path parent = directory.resolve("new");
        Path file = parent.resolve("a.json");
        checkpoint().write(file);
        checkpoint().write(file);

        assertThat(Checkpoint.read(file)).contains(checkpoint());
        assertThat(parent).isDirectoryContaining(each -> each.equals(file));
        assertThat(parent.toFile().list()).hasSize(1);
    }

    @Test
    void itKnowsWhichPlacesWereOfTheReplay() {
        Places places = new Places(checkpoint().sent());
        assertThat(places.contain("usage-events-3@8")).isTrue();
        assertThat(places.contain("usage-events-3@9")).isFalse();
        assertThat(places.contain("usage-events-2@8")).isFalse();
        assertThat(places.contain("mapped.csv:8")).isFalse();
    }

    @Test
    void whatChangedSinceIsNamed() {
        Path file = directory.resolve("a.json");
        TreeMap<String, String> now = new TreeMap<>(REPLAY);
        checkpoint().mustBeOf(now, file);
        now.put("--tenant", "globex");
        now.put("the file", "def");
        assertThatThrownBy(() -> checkpoint().mustBeOf(now, file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("stopped at line 42")
                .hasMessageContaining("--tenant, the file changed since");
    }

    @Test
    void withOtherSaltedTenantsItIsNotBegunAnew() {
        TreeMap<String, String> now = new TreeMap<>(REPLAY);
        now.put(Checkpoint.SALTED, "[hot] by 16");
        assertThatThrownBy(() -> checkpoint().mustBeOf(now, directory.resolve("a.json")))
                .isInstanceOfSatisfying(
                        UserException.class,
                        problem -> assertThat(problem.hint())
                                .contains("counts twice")
                                .doesNotContain("--restart"));
    }

    @Test
    void aFileThatIsNoneIsAnErrorAndNotABeginning() throws IOException {
        assertThat(Checkpoint.read(directory.resolve("none.json"))).isEmpty();
        Path file = Files.writeString(directory.resolve("a.json"), "{\"line\":1");
        assertThatThrownBy(() -> Checkpoint.read(file)).hasMessageContaining("is not the checkpoint of a replay");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> Checkpoint.read(file)).hasMessageContaining("is not the checkpoint of a replay");
    }
}
