package io.perigee.trainers.strict.model;

/** The shape of a Llama. */
public record LlamaConfig(
        int vocabulary,
        int width,
        int inner,
        int layers,
        int heads,
        int keyHeads,
        int headWidth,
        int context,
        float normEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        int beginToken,
        int endToken) {

    /** Columns of the queries. */
    public int queryWidth() {
        return heads * headWidth;
    }

    /** Columns of the keys and of the values. */
    public int keyWidth() {
        return keyHeads * headWidth;
    }

    /** Parameters of the base. */
    public long parameters() {
        long layer = (long) width * (2L * queryWidth() + 2L * keyWidth() + 3L * inner + 2);
        return layers * layer + width + (long) vocabulary * width * (tiedEmbeddings ? 1 : 2);
    }
}
