package io.perigee.market.kind;

import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;

/** The kinds of work this market knows, looked up by what the spec says. */
public final class WorkKinds {
    /** The pure-Java trainer: equal bits everywhere, so a contradiction is a proof. */
    public static final WorkKind STRICT_TRAINING = new StrictTraining();

    /** Another shipped trainer: equal bits inside one class of machines. */
    public static final WorkKind TRAINING = new Training();

    /** A container of the builder's own. */
    public static final WorkKind CONTAINER = new Container();

    private static final String STRICT = "strict";

    private WorkKinds() {}

    public static WorkKind of(JobSpec spec) {
        if (spec.trainer().isEmpty()) {
            return CONTAINER;
        }
        return spec.trainer().equals(STRICT) ? STRICT_TRAINING : TRAINING;
    }

    private record StrictTraining() implements WorkKind {
        @Override
        public String name() {
            return "strict training";
        }

        @Override
        public ClassDemand classDemand(JobSpec spec) {
            return new ClassDemand.Fixed(NumericClass.STRICT);
        }

        @Override
        public Tariff tariff(JobSpec spec) {
            return new Tariff.Tokens(spec.units());
        }
    }

    private record Training() implements WorkKind {
        @Override
        public String name() {
            return "training";
        }

        /** Its bits differ from machine to machine: where a difference burns a bond, the honest would burn. */
        @Override
        public ClassDemand classDemand(JobSpec spec) {
            return spec.placement()
                    .demandedClass()
                    .filter(wanted -> !wanted.equals(NumericClass.STRICT))
                    .<ClassDemand>map(ClassDemand.Fixed::new)
                    .orElseGet(() -> new ClassDemand.OfImage(
                            spec.image(), spec.resources().gpu().count() > 0));
        }

        @Override
        public Tariff tariff(JobSpec spec) {
            return new Tariff.Tokens(spec.units());
        }
    }

    private record Container() implements WorkKind {
        @Override
        public String name() {
            return "container";
        }

        /**
         * Nobody vouches that a builder's own image gives equal bits anywhere, so it never runs in a class: a builder could
         * otherwise convict honest providers with an image that rolls dice, and make or unmake the trust in a class.
         */
        @Override
        public ClassDemand classDemand(JobSpec spec) {
            return new ClassDemand.Unclassed();
        }

        @Override
        public Tariff tariff(JobSpec spec) {
            return spec.train() == null ? new Tariff.Seconds(spec.deadlines().run()) : new Tariff.Tokens(spec.units());
        }
    }
}
