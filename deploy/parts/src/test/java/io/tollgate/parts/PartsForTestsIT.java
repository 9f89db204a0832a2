package io.tollgate.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** Runs on the embedded parts or on containers, as every integration test of the other modules does. */
final class PartsForTestsIT {

    @Test
    void freshDatabasesAreEmptyAndApart() throws SQLException {
        String first = TestParts.freshPostgresDatabase();
        String second = TestParts.freshPostgresDatabase();
        try (Connection one = TestParts.connect(first);
                Connection other = TestParts.connect(second)) {
            Sql.run(one, "CREATE TABLE only_here (x int)");
            assertThat(Sql.value(other, "SELECT to_regclass('only_here')")).isEmpty();
            assertThat(Sql.value(other, "SHOW fsync")).contains("on");
            assertThat(Sql.value(other, "SHOW synchronous_commit")).contains("on");
        }
        assertThat(TestParts.freshClickHouseDatabase()).isNotEqualTo(TestParts.freshClickHouseDatabase());
        assertThat(new ClickHouseHttp(TestParts.clickhouse())
                        .query("SELECT engine FROM system.databases WHERE name = 'tollgate'"))
                .contains("Atomic\n");
    }

    @Test
    void kafkaIsThereAndMakesNoTopicByItself() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestParts.kafka()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            assertThat(admin.listTopics().names().get()).isEmpty();
        }
        assertThat(TestParts.kafka()).isEqualTo(TestParts.kafka());
    }

    @Test
    void anUnknownModeIsRefused() {
        assertThatThrownBy(() -> TestParts.mode("docker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("embedded, containers or auto");
    }
}
