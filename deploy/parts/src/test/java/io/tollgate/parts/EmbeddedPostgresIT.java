package io.tollgate.parts;

final class EmbeddedPostgresIT extends PartContract {

    EmbeddedPostgresIT() {
        super(new PostgresFact());
    }
}
