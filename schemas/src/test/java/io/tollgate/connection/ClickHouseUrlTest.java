package io.tollgate.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseUrlTest {

    @Test
    void whatIsNotSaidHasADefault() {
        assertThat(ClickHouseUrl.parse("http://localhost"))
                .isEqualTo(new ClickHouseUrl("http://localhost:8123", "default", "", "tollgate"));
        assertThat(ClickHouseUrl.parse("http://localhost:1/").database()).isEqualTo("tollgate");
    }

    @Test
    void allOfItCanBeSaid() {
        assertThat(ClickHouseUrl.parse("https://me:p%40ss%3A@db.example:8443/usage"))
                .isEqualTo(new ClickHouseUrl("https://db.example:8443", "me", "p@ss:", "usage"));
    }

    @Test
    void aPasswordMayHaveColonsAndPlusSigns() {
        assertThat(ClickHouseUrl.parse("http://u:p:q%3Ar+s@h").password()).isEqualTo("p:q:r+s");
        assertThat(ClickHouseUrl.parse("http://u@h").password()).isEmpty();
    }

    @Test
    void thePasswordIsNotShown() {
        assertThat(ClickHouseUrl.parse("http://me:secret@h/d")).hasToString("http://h:8123/d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8123",
                "jdbc:clickhouse://h",
                "http://",
                "http:// h",
                "tcp://me:secret@h",
                "http://me:se cret@h"
            })
    void anythingElseIsRefusedWithoutRepeatingThePassword(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClickHouseUrl.parse(text))
                .withNoCause()
                .withMessageContaining("http://[user")
                .withMessageNotContaining("cret");
    }
}
