package io.perigee.api.document;

import static io.perigee.api.document.ExampleParties.BUILDER;
import static io.perigee.api.document.ExampleParties.DOMAIN;
import static io.perigee.api.document.ExampleParties.EPOCHS;
import static io.perigee.api.document.ExampleParties.HUB;
import static io.perigee.api.document.ExampleParties.REGISTRY;
import static io.perigee.api.document.ExampleParties.TOKEN;
import static io.perigee.api.document.ExampleParties.bytes;
import static io.perigee.api.document.ExampleParties.content;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.market.MarketPolicy;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.TrainerInfo;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import io.perigee.protocol.spec.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One job of three borders from quote to settlement, run honestly by two providers. The same bytes at every run. */
final class ExampleJob {
    /** When the order begins to be good. */
    static final Origin ORIGIN = Origin.parse("https://hub.example.org");

    static final Instant START = Instant.ofEpochSecond(1_790_000_000L);

    static final MarketPolicy POLICY = MarketPolicy.standard(86_400, 2_592_000);
    static final Amount PER_MILLION = Amount.of(1_000_000);
    static final HubInfo INFO = new HubInfo(
            HUB.address(),
            DOMAIN.chainId(),
            DOMAIN.escrow(),
            REGISTRY,
            EPOCHS,
            TOKEN,
            "ptUSD",
            6,
            POLICY.windowSeconds(),
            POLICY.maxOrderSeconds(),
            "http://127.0.0.1:8545",
            List.of(new TrainerInfo(
                    "strict", content("image config\n"), content("image archive\n"), NumericClass.STRICT)));

    static final Manifest BASE = files("config.json", "model.safetensors", "tokenizer.json");
    static final Manifest DATASET = files("train.jsonl");

    /** The job as its builder writes it; every key in the page's YAML. */
    static final JsonNode HUMAN = Json.read("""
        {"name":"quickstart","trainer":"strict","base":"%s","dataset":"%s",
         "method":{"kind":"lora","r":8,"alpha":16,"dropout":"0.0","targets":["q_proj","k_proj","v_proj","o_proj"]},
         "train":{"steps":24,"microBatch":4,"gradAccum":1,"seqLen":64,"lr":"2e-3","scheduler":"cosine","warmupSteps":4,
           "seed":7,"dtype":"float32"},
         "segments":{"stepsPerSegment":8},
         "resources":{"cpu":1,"memory":"1GB","disk":"1GB"},
         "price":{"max":"2.50"},
         "deadlines":{"queue":"10m","run":"30m","upload":"10m"},
         "verification":{"policy":"replicate","replicas":2}}
        """.formatted(BASE.digest(), DATASET.digest()), JsonNode.class);

    static final JobSpec SPEC = parse(HUMAN);
    static final JobId ID = new JobId(id("job"));
    static final JobOrder ORDER = new JobOrder(
            BUILDER.address(),
            HUB.address(),
            ID,
            SpecHash.of(SPEC),
            TOKEN,
            SPEC.price().max(),
            SPEC.borders(),
            SPEC.verification().quorum(),
            false,
            START.getEpochSecond(),
            START.getEpochSecond() + Pricing.orderSeconds(SPEC, POLICY));
    static final Digest ORDER_HASH = ORDER.digest(DOMAIN);
    static final Signature ORDER_SIGNATURE = BUILDER.sign(ORDER_HASH);

    /** What both honest providers leave behind. */
    static final Manifest OUTPUTS = new Manifest(List.of(
            entry("adapter_config.json", "{}\n"),
            entry("adapter_model.safetensors", fileText("adapter.safetensors", SPEC.borders()))));

    static final ExampleRun FIRST = new ExampleRun(0, "owner", "session");
    static final ExampleRun SECOND = new ExampleRun(1, "owner2", "session2");
    private static final Duration W = Duration.ofSeconds(POLICY.windowSeconds());
    /** That of the example's order. */
    static final EpochId EPOCH = new EpochId(HUB.address(), TOKEN, EpochId.numberOf(ORDER.deadline(), W));

    /** Seconds after the start. */
    static final int POSTED_FROM = (int) (EPOCH.postedFrom(W) - START.getEpochSecond());

    static final int FINAL = (int) (EPOCH.demandedUntil(W) - START.getEpochSecond());

    static final String TRANSACTION = ExampleParties.digest("transaction").value();
    static final String SETTLING = ExampleParties.digest("settling").value();
    static final Payable PAYABLE = new Payable(SPEC.borders(), List.of(FIRST.evidence(), SECOND.evidence()), List.of());
    /** What the first leaves when it vanishes after border 1; the page shows its auditors elsewhere. */
    static final Payable PART = new Payable(1, List.of(FIRST.evidence(1)), List.of());

    static final Bundle BUNDLE =
            new Bundle(Bundle.VERSION, DOMAIN, SPEC, ORDER, ORDER_SIGNATURE, "accepted", PAYABLE, List.of(TRANSACTION));

    private ExampleJob() {}

    static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    /** A UUID of version 7 that is a function of its name. */
    static UUID id(String name) {
        return Uuid7.of(START, java.util.Arrays.copyOf(content(name).digest().bytes(), Uuid7.RANDOM_BYTES));
    }

    /** 64 hex digits that stand for a nonce or a token. */
    static String secret(String name) {
        return content(name).hex();
    }

    /** The whole content of the example's file of that name at a border. */
    static String fileText(String file, int border) {
        return "%s of border %d\n".formatted(file, border);
    }

    static FileEntry entry(String path, String text) {
        return new FileEntry(path, bytes(text).length, content(text));
    }

    static List<Violation> violations(JsonNode human) {
        return switch (SpecParser.parse(human, new Names())) {
            case SpecParser.Result.Valid _ -> List.of();
            case SpecParser.Result.Invalid(var violations) -> violations;
        };
    }

    static JobSpec parse(JsonNode human) {
        return switch (SpecParser.parse(human, new Names())) {
            case SpecParser.Result.Valid(var spec) -> spec;
            case SpecParser.Result.Invalid(var violations) -> throw new IllegalStateException(violations.toString());
        };
    }

    private static Manifest files(String... names) {
        return new Manifest(java.util.Arrays.stream(names)
                .map(name -> entry(name, "the content of %s\n".formatted(name)))
                .toList());
    }

    /** What the example's hub offers by name. */
    private static final class Names implements SpecResolver {
        @Override
        public Optional<Trainer> trainer(String name) {
            return INFO.trainers().stream()
                    .filter(trainer -> trainer.name().equals(name))
                    .map(trainer -> new Trainer(trainer.image()))
                    .findFirst();
        }

        @Override
        public Optional<ContentId> model(String reference) {
            return Optional.empty();
        }

        @Override
        public Optional<ContentId> dataset(String reference) {
            return Optional.empty();
        }

        @Override
        public int tokenDecimals() {
            return INFO.tokenDecimals();
        }
    }
}
