package io.tollgate.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UserCacheTest {

    private static final Path HOME = Path.of("/home/someone");

    @Test
    void theMostSpecificSettingWins() {
        assertThat(UserCache.directory(Map.of("TOLLGATE_CACHE", "/own", "XDG_CACHE_HOME", "/shared"), HOME))
                .isEqualTo(Path.of("/own"));
        assertThat(UserCache.directory(Map.of("XDG_CACHE_HOME", "/shared"), HOME))
                .isEqualTo(Path.of("/shared/tollgate"));
        assertThat(UserCache.directory(Map.of("TOLLGATE_CACHE", " "), HOME))
                .isEqualTo(Path.of("/home/someone/.cache/tollgate"));
    }
}
