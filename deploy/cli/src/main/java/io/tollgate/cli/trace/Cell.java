package io.tollgate.cli.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/** Where a member of an event comes from: a column, with or without a default for where it is empty, or a constant. */
final class Cell {

    private final Optional<String> column;
    private final Optional<String> otherwise;

    @JsonCreator
    Cell(
            @JsonProperty("column") Optional<String> column,
            @JsonProperty("constant") Optional<String> constant,
            @JsonProperty("default") Optional<String> otherwise) {
        if (column.isPresent() == constant.isPresent() || (constant.isPresent() && otherwise.isPresent())) {
            throw new MappingException("say either column, with or without default, or constant");
        }
        this.column = column;
        this.otherwise = constant.or(() -> otherwise);
    }

    Optional<String> column() {
        return column;
    }

    /** What it says in a row; empty when the column is and there is no default. Blanks at its ends are none of it. */
    Optional<String> text(JsonNode row) throws FaultyLineException {
        Optional<JsonNode> value = value(row);
        if (value.isPresent() && value.get().isContainerNode()) {
            throw new FaultyLineException(
                    "wrong_type", "column " + column.orElse("") + " holds a list or a structure, not one value");
        }
        return value.map(node -> node.asText().strip());
    }

    /** The same, whatever it is. */
    Optional<JsonNode> value(JsonNode row) {
        return column.map(row::path)
                .filter(value -> !value.isMissingNode() && !value.isNull())
                .filter(value -> value.isContainerNode() || !value.asText().isBlank())
                .or(() -> otherwise.map(TextNode::valueOf));
    }
}
