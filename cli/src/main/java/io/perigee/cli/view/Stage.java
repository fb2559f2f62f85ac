package io.perigee.cli.view;

/** What a job walks through, in the order it is shown. */
public enum Stage {
    SUBMITTED("submitted"),
    FUNDED("funded"),
    MATCHED("matched"),
    TRAINED("trained"),
    COMMITTED("committed"),
    REVEALED("revealed"),
    VERDICT("verdict"),
    PAID("paid"),
    SETTLED("settled");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
