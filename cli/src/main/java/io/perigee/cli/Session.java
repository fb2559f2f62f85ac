package io.perigee.cli;

import io.perigee.cli.artifact.RememberedDigests;
import io.perigee.cli.ethereum.Chain;
import io.perigee.cli.ethereum.ChainFault;
import io.perigee.cli.ethereum.Market;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.JobStory;
import io.perigee.cli.view.Terminal;
import io.perigee.cli.wallet.WalletFile;
import io.perigee.client.ApiException;
import io.perigee.client.Artifacts;
import io.perigee.client.ClientSettings;
import io.perigee.client.PerigeeClient;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.PlainText;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.rest.HubInfo;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of the program: what it was told, and what it opens when first needed. */
public final class Session implements AutoCloseable {
    private final Terminal terminal;
    private final InstantSource clock;
    private final Sleep sleep;
    private final SecureRandom random;
    private final Options options;
    private final Configuration configuration;
    private @Nullable PerigeeClient client;
    private @Nullable HubInfo hub;
    private @Nullable Market market;
    private boolean marketIsHearsay;
    private @Nullable Chain chain;
    private @Nullable KeyPair wallet;
    private boolean signedIn;

    Session(
            Terminal terminal,
            Map<String, String> environment,
            InstantSource clock,
            SecureRandom random,
            Options options) {
        this(terminal, environment, clock, Thread::sleep, random, options);
    }

    Session(
            Terminal terminal,
            Map<String, String> environment,
            InstantSource clock,
            Sleep sleep,
            SecureRandom random,
            Options options) {
        this.terminal = terminal;
        this.clock = clock;
        this.sleep = sleep;
        this.random = random;
        this.options = options;
        this.configuration = new Configuration(options, environment);
    }

    public Terminal terminal() {
        return terminal;
    }

    public Ink ink() {
        return new Ink(terminal);
    }

    /** For what goes to the terminal's errors. */
    public Ink errorInk() {
        return Ink.ofErrors(terminal);
    }

    public InstantSource clock() {
        return clock;
    }

    /** Waits for something that goes on elsewhere. */
    public void rest(Duration time) {
        try {
            sleep.of(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refusal(
                    ErrorCode.TIMED_OUT, "Expected to wait %s, but was interrupted".formatted(time), "Try again");
        }
    }

    public SecureRandom random() {
        return random;
    }

    public boolean json() {
        return options.json;
    }

    public Configuration configuration() {
        return configuration;
    }

    public WalletFile walletFile() {
        return new WalletFile(configuration.wallet(), configuration.passwordFile(), configuration.password(), terminal);
    }

    /** The user's key; asks for the password when nothing else has it. */
    public KeyPair wallet() {
        var known = wallet;
        if (known == null) {
            known = walletFile().open();
            wallet = known;
        }
        return known;
    }

    /** The hub, not signed in. */
    public PerigeeClient client() {
        var known = client;
        if (known == null) {
            known = new PerigeeClient(ClientSettings.of(configuration.hub()));
            client = known;
        }
        return known;
    }

    /** The hub, signed in with the wallet. */
    public PerigeeClient builder() {
        var open = client();
        if (!signedIn) {
            hub();
            open.signIn(wallet());
            signedIn = true;
        }
        return open;
    }

    /** What is uploaded with the wallet; large files that were hashed before are not read for their names. */
    public Artifacts uploads() {
        return builder().artifacts(new RememberedDigests(configuration.home(), clock));
    }

    /** The hub's facts: asked, compared with what it said before, and remembered for when it is gone. */
    public HubInfo hub() {
        var known = hub;
        if (known == null) {
            known = new KnownHubs(configuration.home(), terminal).facts(configuration.hub(), client());
            hub = known;
        }
        return known;
    }

    /** Where this market's signatures are good. */
    public Domain domain() {
        return new Domain(hub().chainId(), hub().escrow());
    }

    public JobStory.Money money() {
        return new JobStory.Money(market().decimals(), PlainText.line(market().symbol()));
    }

    /** The market's contracts: those of the escrow that the user names, or else those that the hub named. */
    public Market market() {
        var known = market;
        if (known == null) {
            var escrow = configuration.escrow();
            known = escrow.map(named -> Chain.find(rpc(), named, configuration.token(), configuration.hubAddress()))
                    .orElseGet(() -> Market.of(hubOfChain()));
            marketIsHearsay = escrow.isEmpty();
            market = known;
        }
        return known;
    }

    /**
     * Before an order is signed: what the hub says of the money in it, a chain has said, too, now or once before. The decimals
     * decide how many units an amount is.
     */
    public void requireConfirmedMoney() {
        var said = Market.of(hub());
        configuration.escrow().filter(named -> !named.equals(said.escrow())).ifPresent(named -> {
            throw new Refusal(
                    ErrorCode.WRONG_HUB,
                    "Expected a hub of the escrow %s, but '%s' says %s; nothing was signed"
                            .formatted(named, configuration.hub(), said.escrow()),
                    "Leave --escrow out, or name another hub with --hub");
        });
        boolean nobodyToAsk =
                configuration.rpc().isEmpty() && hubOfChain().rpcUrl().isEmpty();
        if (confirmedMarkets().has(said) || said.hasPlayMoney() && nobodyToAsk) {
            return;
        }
        try {
            confirmed(said).close();
        } catch (ChainFault e) {
            if (e.code() != ErrorCode.UNAVAILABLE || !said.hasPlayMoney()) {
                throw e;
            }
        }
    }

    private Chain confirmed(Market said) {
        var open = new Chain(rpc(), said);
        try {
            open.confirm();
        } catch (ChainFault e) {
            open.close();
            throw e;
        }
        confirmedMarkets().remember(said);
        return open;
    }

    private ConfirmedMarkets confirmedMarkets() {
        return new ConfirmedMarkets(configuration.home(), terminal);
    }

    /** Goes by the escrow of a document, and the token and hub it names, from now on. */
    public void enter(Address escrow, Optional<Address> token, Optional<Address> hubAddress) {
        if (chain != null) {
            throw new IllegalStateException("Expected to choose a market before its chain is asked");
        }
        market = Chain.find(rpc(), escrow, token, hubAddress);
        marketIsHearsay = false;
    }

    /** Goes by the escrow of an epochs contract from now on. */
    public void enterEpochs(Address epochs) {
        enter(Chain.escrowOf(rpc(), epochs), configuration.token(), configuration.hubAddress());
    }

    /** The market's chain, at the endpoint the user or else the hub names; it has confirmed what the hub says of it. */
    public Chain chain() {
        var known = chain;
        if (known == null) {
            var where = market();
            known = marketIsHearsay ? confirmed(where) : new Chain(rpc(), where);
            chain = known;
        }
        return known;
    }

    /** The hub where it is asked for the way to the chain alone, which somebody else may know. */
    private HubInfo hubOfChain() {
        try {
            return hub();
        } catch (ApiException e) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    String.valueOf(e.getMessage()),
                    "Name another hub with --hub, or go by the chain alone: --rpc URL --escrow ADDRESS");
        }
    }

    private URI rpc() {
        var named = configuration.rpc();
        if (named.isPresent()) {
            return named.get();
        }
        if (hubOfChain().rpcUrl().isEmpty()) {
            throw new Refusal(
                    ErrorCode.CHAIN_ERROR,
                    "Expected a chain endpoint, but neither you nor the hub names one",
                    "Add --rpc URL");
        }
        return URI.create(hubOfChain().rpcUrl());
    }

    /** Prints a document of the hub for programs, or else shows it to people, without what their terminals would obey. */
    public <T> void answer(T document, Consumer<T> forPeople) {
        answer(document, () -> forPeople.accept(shown(document)));
    }

    /** What the hub says, as people may see it. */
    @SuppressWarnings("unchecked") // it is read as what it is
    public static <T> T shown(T document) {
        return (T)
                (document instanceof List<?> several
                        ? several.stream().map(Session::shown).toList()
                        : Json.read(PlainText.lines(Json.tree(document)), document.getClass()));
    }

    /** Prints a document for programs, or else does what is for people. */
    public void answer(Object document, Runnable forPeople) {
        if (json()) {
            terminal.out().println(Json.text(document));
        } else {
            forPeople.run();
        }
        terminal.out().flush();
    }

    /** A line for people; programs get none. */
    public void say(String line) {
        if (!json()) {
            terminal.out().println(ink().plain(line));
            terminal.out().flush();
        }
    }

    /** Goes on after a yes: from the flag, or from the person. */
    public void confirm(boolean yes, String question) {
        if (!yes && !terminal.confirm("  " + ink().plain(question))) {
            throw new Refusal(
                    ErrorCode.CONFLICT,
                    "Expected a yes to '%s', but there was none; nothing was done".formatted(question),
                    "Add --yes to go on without being asked");
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        if (chain != null) {
            chain.close();
        }
    }
}
