package io.perigee.agent.app;

import io.perigee.agent.capability.Machine;
import io.perigee.agent.capability.MachineScan;
import io.perigee.agent.gateway.GatewayUrl;
import io.perigee.agent.identity.AgentHome;
import io.perigee.agent.identity.Enrolment;
import io.perigee.agent.identity.SessionKeyFile;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.docker.DockerEngine;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.HubInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks key, enrolment, machine, engine and hub, each by itself, so that one look shows all that is missing. */
final class Doctor {
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration MOST_SKEW = Duration.ofSeconds(30);

    private final AgentSettings settings;
    private final AgentHome home;

    Doctor(AgentSettings settings) {
        this.settings = settings;
        this.home = SettingsSource.home(settings);
    }

    /** @param hint what to do, or what could be better; may be empty */
    record Finding(String name, boolean ok, String detail, String hint) {}

    List<Finding> examine() {
        var findings = new ArrayList<Finding>();
        findings.add(key());
        var enrolment = enrolment(findings);
        findings.add(machine());
        findings.add(disk());
        findings.add(engine());
        enrolment.ifPresent(e -> findings.add(hub(e)));
        return List.copyOf(findings);
    }

    private Finding key() {
        try {
            var key = SessionKeyFile.read(home, SettingsSource.keyPassword(settings));
            return ok("key", "session key " + key.address());
        } catch (IOException | InvalidValue e) {
            return failed("key", e, "Make one: perigee-agent keygen --home " + home.root());
        }
    }

    private Optional<Enrolment> enrolment(List<Finding> findings) {
        var hint = "The owner enrols this home: perigee provider enroll --agent-home " + home.root();
        try {
            var found = home.enrolment();
            if (found.isEmpty()) {
                findings.add(new Finding("enrolment", false, "there is none in " + home.enrolmentFile(), hint));
                return found;
            }
            var enrolment = found.get();
            var key = enrolment.sessionKey();
            boolean byOwner = Signatures.isBy(key.owner(), key.digest(enrolment.domain()), enrolment.ownerSignature());
            if (key.expiresAt() < Instant.now().getEpochSecond()) {
                findings.add(
                        new Finding("enrolment", false, "it ended at " + Instant.ofEpochSecond(key.expiresAt()), hint));
            } else {
                findings.add(
                        new Finding(
                                "enrolment",
                                true,
                                "provider %s of owner %s for hub %s".formatted(key.provider(), key.owner(), key.hub()),
                                byOwner
                                        ? ""
                                        : "The owner's signature is not an ordinary wallet's; a contract wallet must have approved it on chain"));
            }
            return found;
        } catch (IOException | InvalidValue e) {
            findings.add(failed("enrolment", e, hint));
            return Optional.empty();
        }
    }

    private Finding machine() {
        var machine = MachineScan.scan();
        var share = SettingsSource.share(settings);
        var gpus = machine.gpus().isEmpty()
                ? "no NVIDIA GPU"
                : String.join(
                        ", ",
                        machine.gpus().stream()
                                .map(Machine.DetectedGpu::gpu)
                                .map(Object::toString)
                                .toList());
        return ok(
                "machine",
                "%s, %d logical processors, %d MB, %s; lends %d core(s) and %d MB to each of %d job(s)"
                        .formatted(
                                machine.hardware().cpuModel(),
                                machine.hardware().logicalCpus(),
                                machine.memory() / 1_000_000,
                                gpus,
                                share.cpus(machine),
                                share.memory(machine) / 1_000_000,
                                share.slots()));
    }

    private Finding disk() {
        try {
            var existing = home.root();
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            long free = Files.getFileStore(existing).getUsableSpace();
            long wanted = settings.disk().bytes() * settings.slots();
            return new Finding(
                    "disk",
                    free >= wanted,
                    "%d MB free, %d MB lent to jobs".formatted(free / 1_000_000, wanted / 1_000_000),
                    free >= wanted ? "" : "Lower perigee.agent.disk, or make room");
        } catch (IOException e) {
            return failed("disk", e, "");
        }
    }

    private Finding engine() {
        try (var engine = new DockerEngine(URI.create(settings.engine()), CALL)) {
            var facts = engine.describe();
            if (!facts.missing().isEmpty()) {
                return new Finding(
                        "engine",
                        false,
                        facts.name() + " " + facts.version() + " cannot enforce: " + String.join(", ", facts.missing()),
                        "Use an engine run by root, with cgroups and seccomp");
            }
            var stronger =
                    facts.runtimes().contains("runsc") && settings.runtime().isEmpty()
                            ? "gVisor is there: set perigee.agent.runtime=runsc for a second wall around jobs"
                            : "";
            return new Finding(
                    "engine", true, facts.name() + " " + facts.version() + " at " + settings.engine(), stronger);
        } catch (EngineException e) {
            return failed("engine", e, "Start Docker or Podman, or set perigee.agent.engine to its socket");
        }
    }

    private Finding hub(Enrolment enrolment) {
        var url = settings.hubUrl().orElse(enrolment.hubUrl());
        try (var http = HttpClient.newBuilder().connectTimeout(CALL).build()) {
            var request = HttpRequest.newBuilder(GatewayUrl.parse(url).api("/hub"))
                    .timeout(CALL)
                    .build();
            var response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                return new Finding(
                        "hub", false, "%s answered %d".formatted(url, response.statusCode()), "Ask the hub's operator");
            }
            var info = Json.read(response.body(), HubInfo.class);
            if (!info.hub().equals(enrolment.sessionKey().hub())
                    || info.chainId() != enrolment.chainId()
                    || !info.escrow().equals(enrolment.escrow())) {
                return new Finding(
                        "hub",
                        false,
                        "Expected hub %s with escrow %s, but %s is hub %s with escrow %s"
                                .formatted(
                                        enrolment.sessionKey().hub(),
                                        enrolment.escrow(),
                                        url,
                                        info.hub(),
                                        info.escrow()),
                        "Enrol for this hub, or correct perigee.agent.hub-url");
            }
            var skew = response.headers().firstValue("Date").map(Doctor::skew).orElse(Duration.ZERO);
            return new Finding(
                    "hub",
                    skew.compareTo(MOST_SKEW) <= 0,
                    "%s, clocks differ by %d s".formatted(url, skew.toSeconds()),
                    skew.compareTo(MOST_SKEW) <= 0 ? "" : "Leases are in hub time: set this machine's clock (NTP)");
        } catch (IOException | InvalidValue e) {
            return failed("hub", e, "Is %s right, and reachable from here?".formatted(url));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Finding("hub", false, "interrupted", "");
        }
    }

    private static Duration skew(String date) {
        return Duration.between(
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant(),
                        Instant.now())
                .abs();
    }

    private static Finding ok(String name, String detail) {
        return new Finding(name, true, detail, "");
    }

    private static Finding failed(String name, Exception e, String hint) {
        return new Finding(name, false, String.valueOf(e.getMessage()), hint);
    }
}
