package io.perigee.market.verification;

/** What auditors are asked about. */
public sealed interface Subject {

    /** The segment that ends at a border; it is re-run from the committed checkpoint before it. */
    record Segment(int border) implements Subject {}

    /** The outputs, derived again from the committed checkpoint at the last border. */
    record Output(int border) implements Subject {}
}
