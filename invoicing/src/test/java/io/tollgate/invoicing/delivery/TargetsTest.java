package io.tollgate.invoicing.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {

    private final Targets strict = new Targets(false, false);
    private final Targets own = new Targets(true, true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/hook?a=b",
                "https://example.com:8443",
                "https://93.184.215.14/",
                "HTTPS://Example.com/"
            })
    void whatIsOnThePublicInternetOverTlsIsTaken(String url) {
        assertThat(strict.refusal(url)).isEmpty();
        assertThat(own.refusal(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "https://127.0.0.1/",
                "https://[::1]:9200/",
                "https://localhost/x",
                "https://a.localhost/",
                "https://169.254.169.254/latest/meta-data",
                "https://2130706433/",
                "https://10.1/",
                "https://192.168.0.10/"
            })
    void whatIsNotIsTakenOnlyIfSaidSo(String url) {
        assertThat(strict.refusal(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "/hook",
                "ftp://example.com/",
                "file:///etc/passwd",
                "https:example.com",
                "https:///hook",
                "https://user:secret@example.com/",
                "https://example.com/#part",
                "https://exa mple/",
                "https://exämple.com/ü"
            })
    void whatIsNoAddressIsNeverTaken(String url) {
        assertThat(strict.refusal(url)).isPresent();
        assertThat(own.refusal(url)).isPresent();
    }

    @Test
    void aNameIsCheckedAgainWhenItIsLookedUp() throws UnknownHostException {
        assertThatThrownBy(() -> strict.resolve("localhost"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no address of the public internet");
        assertThat(own.resolve("localhost")).isNotEmpty();
    }
}
