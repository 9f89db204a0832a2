package io.tollgate.invoicing.http;

import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for databases that cannot be reached: 503, try again. */
public final class Unavailable {

    /** What any operation answers then. */
    public static final int STATUS = Refusals.UNAVAILABLE;

    /** What the OpenAPI document says about it. */
    public static final String DESCRIPTION =
            "`usage_unavailable`, `store_unavailable`: a database cannot be reached; try again after Retry-After seconds";

    private static final Logger LOG = LoggerFactory.getLogger(Unavailable.class);
    private static final int RETRY_SECONDS = 5;
    private static final String NO_STORE = "store_unavailable";
    private static final String NO_STORE_DETAIL = "PostgreSQL cannot be reached now. Try again.";

    private Unavailable() {}

    /** JAX-RS components. */
    public static List<Object> mappers() {
        return List.of(new NoUsage(), new NoStore());
    }

    /** The same for whoever is asked outside of a resource, where no mapper hears of it. */
    static ProblemException noStore(ConnectionException cause) {
        LOG.warn("{}: {}", NO_STORE, cause.getMessage());
        return new ProblemException(Problem.of(Refusals.UNAVAILABLE, NO_STORE, NO_STORE_DETAIL))
                .withHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
    }

    private static Response answer(String code, String detail, Exception cause) {
        LOG.warn("{}: {}", code, cause.getMessage());
        return Response.status(Refusals.UNAVAILABLE)
                .entity(Problem.of(Refusals.UNAVAILABLE, code, detail))
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                .build();
    }

    private static final class NoUsage implements ExceptionMapper<UsageUnavailableException> {
        @Override
        public Response toResponse(UsageUnavailableException exception) {
            return answer("usage_unavailable", "Usage cannot be read from ClickHouse now. Try again.", exception);
        }
    }

    private static final class NoStore implements ExceptionMapper<ConnectionException> {
        @Override
        public Response toResponse(ConnectionException exception) {
            return answer(NO_STORE, NO_STORE_DETAIL, exception);
        }
    }
}
