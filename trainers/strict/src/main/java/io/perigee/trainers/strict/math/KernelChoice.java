package io.perigee.trainers.strict.math;

/** Picks the quickest kernels this virtual machine can run; the choice never shows in the results. */
public final class KernelChoice {
    private KernelChoice() {}

    /**
     * Vector kernels, unless the vector module is absent, the machine interprets or has only its first compiler
     * (where vectors are slower), or the
     * system property {@code perigee.kernels} says {@code scalar}.
     */
    public static Kernels best() {
        boolean scalar = "scalar".equals(System.getProperty("perigee.kernels"));
        boolean vector = "vector".equals(System.getProperty("perigee.kernels"));
        String mode = String.valueOf(System.getProperty("java.vm.info"));
        boolean interpreted = mode.contains("interpreted") || mode.contains("emulated-client");
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return present && !scalar && (vector || !interpreted) ? new VectorKernels() : new ScalarKernels();
    }
}
