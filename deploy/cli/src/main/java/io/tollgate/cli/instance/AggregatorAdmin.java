package io.tollgate.cli.instance;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorHealth;
import io.tollgate.service.HttpService;
import io.tollgate.service.ListenOn;
import java.util.Locale;
import java.util.function.Predicate;

/** The port where an aggregator can be watched, from its start on. */
final class AggregatorAdmin {

    private AggregatorAdmin() {}

    static HttpService start(Aggregator job, MetricRegistry metrics, ListenOn where) {
        return HttpService.named("aggregator")
                .api("Tollgate aggregator", "v1", "Nothing but health and metrics, on the admin port")
                .listenOn(where)
                .metrics(metrics)
                .healthCheck("job", check(job, AggregatorHealth::isReady))
                .liveCheck("job", check(job, AggregatorHealth::isLive))
                .start();
    }

    private static HealthCheck check(Aggregator job, Predicate<AggregatorHealth> condition) {
        return new HealthCheck() {
            @Override
            protected Result check() {
                AggregatorHealth health = job.health();
                ResultBuilder result = Result.builder()
                        .withMessage("%s: %s", health.state().name().toLowerCase(Locale.ROOT), health.sentence());
                return (condition.test(health) ? result.healthy() : result.unhealthy()).build();
            }
        };
    }
}
