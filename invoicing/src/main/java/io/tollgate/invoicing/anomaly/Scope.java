package io.tollgate.invoicing.anomaly;

import java.util.Comparator;

/** Of what a day's cost is judged. */
public sealed interface Scope extends Comparable<Scope> {

    Comparator<Scope> ORDER = Comparator.comparing(Scope::provider).thenComparing(Scope::model);

    /** All that a tenant uses. */
    record Whole() implements Scope {
        @Override
        public boolean holds(Consumption each) {
            return true;
        }

        @Override
        public String provider() {
            return "";
        }

        @Override
        public String model() {
            return "";
        }
    }

    /** One model, so that a shift from one to another is seen though the total stays the same. */
    record OfModel(String provider, String model) implements Scope {
        @Override
        public boolean holds(Consumption each) {
            return each.product().provider().equals(provider)
                    && each.product().model().equals(model);
        }
    }

    /** Whether it is part of it. */
    boolean holds(Consumption each);

    /** Empty for the whole. */
    String provider();

    /** Empty for the whole. */
    String model();

    /** The inverse of provider and model. */
    static Scope of(String provider, String model) {
        return provider.isEmpty() && model.isEmpty() ? new Whole() : new OfModel(provider, model);
    }

    static Scope of(Consumption each) {
        return of(each.product().provider(), each.product().model());
    }

    /** The whole first. */
    @Override
    default int compareTo(Scope other) {
        return ORDER.compare(this, other);
    }
}
