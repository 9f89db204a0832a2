package io.tollgate.service;

import io.dropwizard.auth.Auth;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A resource that does all the things that can go wrong. */
@Path("/v1/things")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@SuppressWarnings("DoNotCallSuggester") // Throwing is what they are for.
public final class ThingsResource {

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);

    /** What is posted and given back. */
    public record Thing(String name, BigDecimal price, Instant at, Optional<String> note) {
        public Thing {
            if (price.signum() < 0) {
                throw new IllegalArgumentException("the price " + price.toPlainString() + " is negative");
            }
        }
    }

    /** Who asked. */
    public record Who(String role) {}

    @POST
    @RolesAllowed(Role.Names.PLATFORM)
    public Thing post(@Auth Caller caller, Thing thing) {
        return thing;
    }

    @GET
    @Path("/who")
    @PermitAll
    public Who who(@Auth Caller caller) {
        return new Who(caller.getName());
    }

    @GET
    @Path("/{number}")
    @RolesAllowed(Role.Names.FINANCE)
    public Who number(@PathParam("number") int number, @QueryParam("limit") int limit) {
        return new Who(number + "/" + limit);
    }

    @GET
    @Path("/crash")
    @NoToken
    public Who crash() {
        throw new IllegalStateException("secret inside");
    }

    @GET
    @Path("/away")
    @NoToken
    public Who away() {
        throw new ProblemException(Problem.of(503, "kafka_unavailable", "Kafka is away. Try again.")
                        .with("errors", new int[] {1, 2}))
                .withHeader("Retry-After", "5");
    }

    @GET
    @Path("/unprocessable")
    @NoToken
    public Response unprocessable() {
        return Response.status(422).build();
    }

    @GET
    @Path("/slow")
    @NoToken
    public Who slow() throws InterruptedException {
        entered.countDown();
        released.await();
        return new Who("slow");
    }
}
