package io.tollgate.cli.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class AddressesTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9092", "kafka-1.example:9092,kafka-2.example:9093", "[::1]:9092"})
    void kafkaIsHostsWithPorts(String address) {
        assertThat(new Addresses.Kafka().convert(address)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kafka", "kafka:", "kafka:0", "kafka:65536", "kafka:1,", "http://kafka:1", "a b:1"})
    void andNothingElse(String address) {
        assertThatThrownBy(() -> new Addresses.Kafka().convert(address)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void passwordsAreNotShown() {
        assertThat(Addresses.masked("http://default:s3cret@ch:8123/usage"))
                .isEqualTo("http://default:***@ch:8123/usage");
        assertThat(Addresses.masked(
                        "postgresql://u:s3cret@pg:5432/db?sslmode=require&password=s3cret&sslpassword=s3cret"))
                .isEqualTo("postgresql://u:***@pg:5432/db?sslmode=require&password=***&sslpassword=***");
        assertThat(Addresses.masked("postgresql://u@pg:5432/db")).isEqualTo("postgresql://u@pg:5432/db");
        assertThat(Addresses.masked("http://127.0.0.1:8123")).isEqualTo("http://127.0.0.1:8123");
    }
}
