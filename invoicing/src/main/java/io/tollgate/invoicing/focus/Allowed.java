package io.tollgate.invoicing.focus;

/** Values that FOCUS 1.2 allows for columns with a closed set of them, and the services that we sell. */
final class Allowed {

    static final String USAGE = "Usage";
    static final String PURCHASE = "Purchase";
    static final String TAX = "Tax";
    static final String CREDIT = "Credit";
    static final String ADJUSTMENT = "Adjustment";

    static final String CORRECTION = "Correction";

    static final String ONE_TIME = "One-Time";
    static final String RECURRING = "Recurring";
    static final String USAGE_BASED = "Usage-Based";

    static final String STANDARD = "Standard";
    static final String COMMITTED = "Committed";

    static final String USED = "Used";
    static final String UNUSED = "Unused";

    /** Of commitment discounts: what is promised. */
    static final String BY_USAGE = "Usage";

    private Allowed() {}

    /** What is sold. Each name has one category and one subcategory. */
    enum Service {
        INFERENCE("Model Inference", "AI and Machine Learning", "Generative AI"),
        TRAINING("Model Training", "AI and Machine Learning", "Machine Learning"),
        CAPACITY("Provisioned Throughput", "AI and Machine Learning", "AI Platforms"),
        STORAGE("Model Storage", "Storage", "Other (Storage)"),
        NETWORK("Data Transfer", "Networking", "Other (Networking)"),
        AGREEMENT("Agreement", "Other", "Other (Other)");

        private final String label;
        private final String category;
        private final String subcategory;

        Service(String label, String category, String subcategory) {
            this.label = label;
            this.category = category;
            this.subcategory = subcategory;
        }

        /** By the operation of some usage. */
        static Service of(String operation) {
            return switch (operation) {
                case "fine_tuning", "training" -> TRAINING;
                case "storage" -> STORAGE;
                case "network" -> NETWORK;
                default -> INFERENCE;
            };
        }

        FocusRow.Draft put(FocusRow.Draft row) {
            return row.with(FocusColumn.SERVICE_NAME, label)
                    .with(FocusColumn.SERVICE_CATEGORY, category)
                    .with(FocusColumn.SERVICE_SUBCATEGORY, subcategory);
        }
    }
}
