package io.tollgate.invoicing.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {

    @Test
    void postgresUrlsAreReadWithOrWithoutPasswordAndPrefix() {
        ConnectionUrl expected =
                new ConnectionUrl("jdbc:postgresql://db:5432/tollgate", Optional.of("me"), Optional.of("p@ss+w:rd"));

        assertThat(ConnectionUrl.postgres("postgresql://me:p%40ss+w:rd@db:5432/tollgate"))
                .isEqualTo(expected);
        assertThat(ConnectionUrl.postgres("jdbc:postgresql://me:p%40ss+w:rd@db:5432/tollgate"))
                .isEqualTo(expected);
        assertThat(ConnectionUrl.postgres("postgresql://postgres@127.0.0.1:5432/tollgate")
                        .password())
                .isEmpty();
        assertThat(ConnectionUrl.postgres("jdbc:postgresql://db/tollgate?user=me&ssl=true")
                        .jdbcUrl())
                .isEqualTo("jdbc:postgresql://db/tollgate?user=me&ssl=true");
    }

    @Test
    void clickHouseUrlsAreReadWithOrWithoutUserAndDatabase() {
        assertThat(ConnectionUrl.clickHouse("http://127.0.0.1:8123"))
                .isEqualTo(new ConnectionUrl(
                        "jdbc:ch:http://127.0.0.1:8123/tollgate", Optional.of("default"), Optional.empty()));
        assertThat(ConnectionUrl.clickHouse("https://me:secret@ch:8443/usage"))
                .isEqualTo(
                        new ConnectionUrl("jdbc:ch:https://ch:8443/usage", Optional.of("me"), Optional.of("secret")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "mysql://me:secret@db/x", "postgresql://me:secret@db", "http://me:se cret@db/x"
            })
    void whatIsNoUrlOfThemIsRefusedWithoutRepeatingThePassword(String url) {
        assertThatThrownBy(() -> ConnectionUrl.postgres(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining("postgresql://user")
                .hasMessageNotContaining("cret");
        assertThatThrownBy(() -> ConnectionUrl.clickHouse(url.replace("http:", "tcp:")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://[user");
    }

    @Test
    void thePasswordIsNotShown() {
        assertThat(ConnectionUrl.postgres("postgresql://me:secret@db/tollgate").toString())
                .doesNotContain("secret");
    }
}
