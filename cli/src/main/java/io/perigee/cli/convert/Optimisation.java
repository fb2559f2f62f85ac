package io.perigee.cli.convert;

import io.perigee.protocol.id.Decimal;
import java.util.Map;
import java.util.Optional;

/** What both tools take from transformers under names of their own: optimiser, rate and its course. */
final class Optimisation {
    private static final Map<String, String> OPTIMIZERS = Map.ofEntries(
            Map.entry("adamw_torch", "adamw"),
            Map.entry("adamw_torch_fused", "adamw"),
            Map.entry("adamw_torch_xla", "adamw"),
            Map.entry("adamw_hf", "adamw"),
            Map.entry("adamw_apex_fused", "adamw"),
            Map.entry("paged_adamw", "adamw"),
            Map.entry("paged_adamw_32bit", "adamw"),
            Map.entry("adamw_bnb_8bit", "adamw8bit"),
            Map.entry("adamw_8bit", "adamw8bit"),
            Map.entry("paged_adamw_8bit", "adamw8bit"));
    private static final Map<String, String> SCHEDULERS = Map.of(
            "cosine", "cosine",
            "linear", "linear",
            "constant", "constant",
            "constant_with_warmup", "constant");
    private static final long MAX_SEED = (1L << 53) - 1;

    private final Sheet sheet;
    private boolean warms = true;

    Optimisation(Sheet sheet) {
        this.sheet = sheet;
    }

    /** Whether the schedule has a warm-up: transformers' {@code constant} has none. */
    boolean warms() {
        return warms;
    }

    void rate(String key, Optional<Decimal> fallback) {
        var rate = sheet.decimal(key).or(() -> fallback);
        if (rate.isPresent()) {
            sheet.maps(sheet.has(key) ? key : "", "train.lr", rate.get());
        } else if (!sheet.has(key)) {
            sheet.refuses(key, "a learning rate", "add it; there is no default");
        }
    }

    void optimizer(String key, String fallback) {
        var name = sheet.text(key).orElse(fallback);
        var known = OPTIMIZERS.get(name);
        if (known == null) {
            sheet.refuses(key, "AdamW, with 32 or 8 bits", "for example adamw_torch or adamw_bnb_8bit");
        } else {
            sheet.maps(sheet.has(key) ? key : "", "train.optimizer", known);
        }
    }

    void scheduler(String key, String fallback) {
        var name = sheet.text(key).orElse(fallback);
        var known = SCHEDULERS.get(name);
        if (known == null) {
            sheet.refuses(
                    key, "cosine, linear, constant or constant_with_warmup", "another course is another training");
            return;
        }
        warms = !name.equals("constant");
        sheet.maps(sheet.has(key) ? key : "", "train.scheduler", known);
    }

    void decimal(String key, String path, Decimal fallback) {
        sheet.maps(sheet.has(key) ? key : "", path, sheet.decimal(key).orElse(fallback));
    }

    /** AdamW's constants, which are always these. */
    void fixed(String key, String value) {
        sheet.decimal(key).ifPresent(number -> {
            if (number.equals(Decimal.parse(value))) {
                sheet.drops(key, "what AdamW always has here");
            } else {
                sheet.refuses(key, value, "AdamW always has it here");
            }
        });
    }

    void seed(String key) {
        var seed = sheet.decimal(key).orElse(new Decimal("42"));
        var number = seed.number();
        if (number.stripTrailingZeros().scale() > 0 || number.signum() < 0 || number.longValue() > MAX_SEED) {
            sheet.refuses(key, "a whole number from 0 to 2^53-1", "any other gives another run of the same training");
        } else {
            sheet.maps(sheet.has(key) ? key : "", "train.seed", number.longValueExact());
        }
    }
}
