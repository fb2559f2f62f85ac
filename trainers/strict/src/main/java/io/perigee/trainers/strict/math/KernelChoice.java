package io.perigee.trainers.strict.math;

/** Picks the quickest kernels this virtual machine can run; the choice never shows in the results. */
public final class KernelChoice {
    private KernelChoice() {}

    /**
     * Vector kernels, unless the vector module is absent, the machine interprets (where vectors are slower), or the
     * system property {@code perigee.kernels} says {@code scalar}.
     */
    public static Kernels best() {
        boolean scalar = "scalar".equals(System.getProperty("perigee.kernels"));
        boolean vector = "vector".equals(System.getProperty("perigee.kernels"));
        boolean interpreted = String.valueOf(System.getProperty("java.vm.info")).contains("interpreted");
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return present && !scalar && (vector || !interpreted) ? new VectorKernels() : new ScalarKernels();
    }
}
