package io.perigee.trainers.strict.data;

/** One row to train on: its tokens, and which of them the model is to learn to say (never the first). */
public record Example(int[] tokens, boolean[] learned) {

    /** Positions whose next token is learned. */
    public int[] positions() {
        int[] positions = new int[learnedTokens()];
        int found = 0;
        for (int t = 1; t < tokens.length; t++) {
            if (learned[t]) {
                positions[found++] = t - 1;
            }
        }
        return positions;
    }

    public int learnedTokens() {
        int count = 0;
        for (int t = 1; t < tokens.length; t++) {
            count += learned[t] ? 1 : 0;
        }
        return count;
    }
}
