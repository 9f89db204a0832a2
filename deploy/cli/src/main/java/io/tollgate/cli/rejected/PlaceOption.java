package io.tollgate.cli.rejected;

import io.tollgate.ingest.rejected.Place;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The place of a rejection, such as {@code 0@123}. */
final class PlaceOption implements ITypeConverter<Place> {

    @Override
    public Place convert(String value) {
        return Place.parse(value)
                .orElseThrow(() -> new TypeConversionException("'" + value
                        + "' is not the place of a rejection, such as 0@123; 'tollgate rejected list' shows them"));
    }
}
