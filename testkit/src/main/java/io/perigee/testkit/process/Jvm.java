package io.perigee.testkit.process;

import java.nio.file.Path;

/** How to start another JVM like this one. */
public final class Jvm {
    private Jvm() {}

    /** The {@code java} that runs this program. */
    public static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The class path this program was started with; under Surefire, the real one behind its manifest JAR. */
    public static String classPath() {
        String surefire = System.getProperty("surefire.test.class.path");
        return surefire != null ? surefire : System.getProperty("java.class.path");
    }
}
