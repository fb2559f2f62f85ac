package io.perigee.devstack.stack;

import io.perigee.testkit.process.Ports;

/** One loopback port for each thing that listens. */
record StackPorts(
        int api, int apiOps, int chain, int postgres, int broker, int brokerController, int scheduler, int settlement) {

    /** Free ports, except those the options name. */
    static StackPorts choose(StackOptions options) {
        var free = Ports.free(8);
        return new StackPorts(
                options.apiPort() != 0 ? options.apiPort() : free.get(0),
                free.get(7),
                options.chainPort() != 0 ? options.chainPort() : free.get(1),
                free.get(2),
                free.get(3),
                free.get(4),
                free.get(5),
                free.get(6));
    }
}
