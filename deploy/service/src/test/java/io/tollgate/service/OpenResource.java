package io.tollgate.service;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CountDownLatch;

/** A resource that anybody may call, and that does all the things that can go wrong. */
@Path("/open")
@NoToken
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("DoNotCallSuggester") // Throwing is what they are for.
public final class OpenResource {

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);

    @GET
    @Path("/crash")
    public ThingsResource.Who crash() {
        throw new IllegalStateException("secret inside");
    }

    @GET
    @Path("/away")
    public ThingsResource.Who away() {
        throw new ProblemException(Problem.of(503, "kafka_unavailable", "Kafka is away. Try again.")
                        .with("errors", new int[] {1, 2}))
                .withHeader("Retry-After", "5");
    }

    @GET
    @Path("/unprocessable")
    public Response unprocessable() {
        return Response.status(422).build();
    }

    @GET
    @Path("/slow")
    public ThingsResource.Who slow() throws InterruptedException {
        entered.countDown();
        released.await();
        return new ThingsResource.Who("slow");
    }
}
