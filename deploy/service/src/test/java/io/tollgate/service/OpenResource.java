package io.tollgate.service;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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
    @Operation(operationId = "crash", summary = "Go wrong")
    public ThingsResource.Who crash() {
        throw new IllegalStateException("secret inside");
    }

    @GET
    @Path("/away")
    @Operation(operationId = "beAway", summary = "Go wrong")
    public ThingsResource.Who away() {
        throw new ProblemException(Problem.of(503, "kafka_unavailable", "Kafka is away. Try again.")
                        .with("errors", new int[] {1, 2}))
                .withHeader("Retry-After", "5");
    }

    @GET
    @Path("/unprocessable")
    @Operation(operationId = "refuse", summary = "Go wrong")
    @ApiResponse(
            responseCode = "200",
            description = "never",
            content = @Content(schema = @Schema(implementation = ThingsResource.Who.class)))
    public Response unprocessable() {
        return Response.status(422).build();
    }

    @GET
    @Path("/slow")
    @Operation(operationId = "beSlow", summary = "Go wrong")
    public ThingsResource.Who slow() throws InterruptedException {
        entered.countDown();
        released.await();
        return new ThingsResource.Who("slow");
    }
}
