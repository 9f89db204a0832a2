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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** A resource that wants tokens. */
@Path("/v1/things")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ThingsResource {

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

    @POST
    @Path("/{name}:mend")
    @RolesAllowed(Role.Names.PLATFORM)
    public Who mend(@PathParam("name") String name, @QueryParam("with") String with) {
        return new Who(name + " with " + with);
    }
}
