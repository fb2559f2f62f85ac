package io.perigee.devstack.stack;

import io.perigee.devstack.engine.ContainerEngine;
import java.util.List;

/** The containers of agents. */
final class Leftovers {
  private static final String LABEL = "io.perigee.agent";

  private Leftovers() {}

  static List<ContainerEngine.Found> of(ContainerEngine engine) {
    return engine.containers(LABEL);
  }

  static void remove(ContainerEngine engine) {
    of(engine).forEach(each -> engine.remove(each.id()));
  }
}
