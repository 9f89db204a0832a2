package io.tollgate.parts;

final class EmbeddedClickHouseIT extends PartContract {

    EmbeddedClickHouseIT() {
        super(new ClickHouseFact());
    }
}
