package io.perigee.api.settings;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Origin;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an operator can set for this process; a key under {@code perigee.} that is not listed here stops the start.
 * Environment names follow the usual mapping: {@code perigee.api.dead-after} is {@code PERIGEE_API_DEAD_AFTER}.
 */
@ConfigMapping(prefix = "perigee")
public interface Settings {
    Database database();

    Kafka kafka();

    Hub hub();

    Chain chain();

    Api api();

    /** The PostgreSQL database all services share; this one owns the schema {@code api}. */
    interface Database {
        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("5432")
        int port();

        @WithDefault("perigee")
        String name();

        @WithDefault("perigee")
        String user();

        @WithDefault("perigee")
        String password();
    }

    /** The broker of the log. */
    interface Kafka {
        @WithDefault("127.0.0.1:9092")
        String bootstrap();
    }

    /** Who this hub is. */
    interface Hub {
        /** The address whose signature assigns and receipts; orders must name it. */
        @WithConverter(AddressConverter.class)
        Address address();
    }

    /** Where the money is. */
    interface Chain {
        long id();

        @WithConverter(AddressConverter.class)
        Address escrow();

        @WithConverter(AddressConverter.class)
        Address registry();

        @WithConverter(AddressConverter.class)
        Address epochs();

        @WithConverter(AddressConverter.class)
        Address token();

        /** The window W, in seconds, in which a credit may be disputed. */
        @WithDefault("86400")
        long window();

        /** The longest an order may be good, in seconds. */
        @WithDefault("2592000")
        long maxOrder();

        /** An endpoint of the chain, which this hub alone uses: its address may hold a key that somebody pays for. */
        URI rpcUrl();

        /** The endpoint of the chain that is named to everybody; without it they must bring their own. */
        Optional<URI> publicRpcUrl();

        @WithDefault("ptUSD")
        String tokenSymbol();

        @WithDefault("6")
        int tokenDecimals();
    }

    /** This process. */
    interface Api {
        /**
         * The origins at which builders and agents reach this hub, as they write them: a log-in that was signed for another
         * is refused. Without any, those of this machine.
         */
        Optional<List<@WithConverter(OriginConverter.class) Origin>> origins();

        Artifacts artifacts();

        /** The job images this hub offers by name. */
        Map<String, Trainer> trainers();

        /** How often an agent must be heard. */
        @WithDefault("20s")
        Duration heartbeat();

        /** How many heartbeats may be missed before an agent counts as gone. */
        @WithDefault("3")
        int deadAfter();

        /** Whether an agent's provider, owner and key are looked up on chain when it connects; false only in tests. */
        @WithDefault("true")
        boolean checkRegistry();

        /** How long a quote, and the order it proposes, waits for a signature. */
        @WithDefault("15m")
        Duration quoteValidity();

        Sessions sessions();

        Events events();

        Limits limits();
    }

    /** The artifact store. */
    interface Artifacts {
        Path dir();

        /** The largest single artifact. */
        @WithDefault("64G")
        MemorySize maxSize();

        /**
         * What one builder may keep here in all, and one provider for its attempts that go on, unfinished uploads included.
         */
        @WithDefault("256G")
        MemorySize quota();

        /** What a builder may keep here who has no allotment to this hub; no more than the quota. */
        @WithDefault("1G")
        MemorySize quotaWithoutAllotment();

        /** What uploads leave free of the disk they are kept on. */
        @WithDefault("1G")
        MemorySize reserve();

        /** What builders' uploads leave free of it, so that results of running jobs find room; no less than the reserve. */
        @WithDefault("4G")
        MemorySize builderReserve();

        /**
         * How long an artifact is kept that nobody sends again or names in a job: no less than a job may want it, which is the
         * longest life of an order, nine windows and a day. Without it 90 days, or as long as that where it is longer.
         */
        Optional<Duration> keep();

        /** Unfinished uploads one builder or provider may have open. */
        @WithDefault("64")
        int maxOpenUploads();

        /** When an unfinished upload that nobody continues is dropped. */
        @WithDefault("24h")
        Duration uploadExpiry();
    }

    /** A job image this project ships. */
    interface Trainer {
        /** The docker-archive tar to ingest at start; without one, only providers whose engine holds the image run it. */
        Optional<Path> archive();

        /** The OCI config digest of the image. */
        ContentId image();

        /** The one class of its results on every machine, when there is one; trainer {@code strict} has its own. */
        Optional<Digest> numericClass();
    }

    /** Signing in. */
    interface Sessions {
        @WithDefault("5m")
        Duration challengeExpiry();

        @WithDefault("12h")
        Duration expiry();
    }

    /** Live events. */
    interface Events {
        /** How often a silent stream says that it lives. */
        @WithDefault("15s")
        Duration keepAlive();

        /** The least time between two stored progress events of one attempt; it widens as an attempt grows old. */
        @WithDefault("500ms")
        Duration progressInterval();
    }

    /** What one request, or one caller, may take. */
    interface Limits {
        /** The largest JSON body. */
        @WithDefault("1M")
        MemorySize json();

        /** The largest body of a batch of jobs. */
        @WithDefault("8M")
        MemorySize batch();

        /** What all JSON bodies that are read, or worked on, at a time may have together. */
        @WithDefault("64M")
        MemorySize bodies();

        /** The same of one address: no less than one batch. */
        @WithDefault("16M")
        MemorySize bodiesOfOne();

        /** The most jobs in one batch. */
        @WithDefault("1000")
        int batchJobs();

        /** Batches worked on at once; those that come meanwhile are refused, to come again. */
        @WithDefault("4")
        int batchesAtOnce();

        /** Jobs a minute from one builder in batches. */
        @WithDefault("60000")
        int batchJobsPerMinute();

        /** How long a JSON body may take to come. */
        @WithDefault("30s")
        Duration jsonTime();

        /** Requests a minute from one caller, or from one address without a session. */
        @WithDefault("3000")
        int requestsPerMinute();

        /** Sign-in requests, and requests with a token that is not known, a minute from one address. */
        @WithDefault("120")
        int signInsPerMinute();

        /** Reports a minute from one agent, a long one counted as several; what comes beyond is refused, to come again. */
        @WithDefault("6000")
        int reportsPerMinute();

        /** Changes of its offer a minute that are stored of one agent, a long one counted as several; of later ones the last waits. */
        @WithDefault("60")
        int offersPerMinute();

        /** Log-ins a minute of one agent, one with a long offer counted as several. */
        @WithDefault("60")
        int logInsPerMinute();

        /** What may wait to be heard of all agents together, in characters. */
        @WithDefault("48M")
        MemorySize unheard();

        /** Offers that orders are judged by, those with the lowest ids when there are more; a thousand take some 6 MB. */
        @WithDefault("10000")
        int offers();

        /** Jobs of one builder that may wait to be placed. */
        @WithDefault("20000")
        int jobsWaiting();

        /** Event streams one builder may hold open. */
        @WithDefault("64")
        int eventStreams();

        /** How long one piece of database work may take. */
        @WithDefault("10s")
        Duration database();
    }
}
