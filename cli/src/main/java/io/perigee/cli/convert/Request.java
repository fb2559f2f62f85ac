package io.perigee.cli.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the user says about a tool's file that is not in it.
 *
 * @param rows how many rows the dataset has, where it is not here
 * @param steps optimiser steps, instead of what epochs come to
 * @param accepted keys whose loss is accepted
 */
record Request(
        Optional<String> name,
        String trainer,
        Optional<Path> base,
        Optional<Path> dataset,
        Optional<String> price,
        Optional<Integer> rows,
        Optional<Integer> steps,
        List<String> accepted) {
    Request {
        accepted = List.copyOf(accepted);
    }
}
