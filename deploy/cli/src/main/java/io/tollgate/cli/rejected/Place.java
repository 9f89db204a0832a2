package io.tollgate.cli.rejected;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What names a rejection: its partition and offset in the topic of rejected events, written {@code 0@123}. */
record Place(int partition, long offset) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,5})@(\\d{1,18})");

    @Override
    public String toString() {
        return partition + "@" + offset;
    }

    static final class Converter implements ITypeConverter<Place> {

        @Override
        public Place convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value
                        + "' is not the place of a rejection, such as 0@123; 'tollgate rejected list' shows them");
            }
            return new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }
    }
}
