package io.perigee.testkit.sample;

import io.perigee.protocol.model.ModelShape;

/** The sizes of real models. */
public final class SampleModels {
    /** SmolLM2-135M. */
    public static final ModelShape SMOLLM2 =
            new ModelShape("llama", 49_152, 576, 1_536, 30, 9, 3, 64, 8_192, true, false);

    private SampleModels() {}
}
