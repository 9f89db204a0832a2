package io.tollgate.invoicing.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretTest {

    private static final Secret KNOWN = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Instant TIME = Instant.ofEpochSecond(1614265330);

    /** The vector of the reference libraries of Standard Webhooks. */
    @Test
    void signsAsTheReferenceDoes() {
        assertThat(Secret.signatures(List.of(KNOWN), "msg_p5jXN8AQM9LWM0D4loKWxJek", TIME, "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void partsOfASecondDoNotCountAndEverySecretSigns() {
        Secret other = Secret.draw(new Random(1));
        String both = Secret.signatures(List.of(KNOWN, other), "id", TIME.plusMillis(999), "{}");

        assertThat(both)
                .isEqualTo(Secret.signatures(List.of(KNOWN), "id", TIME, "{}") + " "
                        + Secret.signatures(List.of(other), "id", TIME, "{}"));
    }

    @Test
    void aDrawnSecretHas256BitsAndDoesNotSayThem() {
        Secret drawn = Secret.draw(new Random(1));

        assertThat(drawn.text()).startsWith("whsec_").hasSize(6 + 44);
        assertThat(drawn).isNotEqualTo(Secret.draw(new Random(2))).hasToString("Secret");
    }

    @Test
    void whatIsTooShortOrNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Secret("whsec_MfKQ"));
    }
}
