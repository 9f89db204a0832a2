package io.tollgate.parts;

final class EmbeddedKafkaIT extends PartContract {

    EmbeddedKafkaIT() {
        super(new KafkaFact());
    }
}
