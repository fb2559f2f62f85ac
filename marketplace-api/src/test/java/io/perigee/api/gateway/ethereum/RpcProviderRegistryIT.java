package io.perigee.api.gateway.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.testkit.chain.Anvil;
import io.perigee.testkit.sample.SampleProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real node; a few bytes of code stand where the registry would, and give one answer. */
final class RpcProviderRegistryIT {
    private static final Address REGISTRY = new Address("0x" + "b0".repeat(20));
    private static final SampleProvider PROVIDER = SampleProvider.of("registered");
    private static Anvil anvil;

    @BeforeAll
    static void start() {
        anvil = Anvil.start();
    }

    @AfterAll
    static void stop() {
        anvil.close();
    }

    @Test
    void shouldLetTheOwnerIn() throws Exception {
        answering(PROVIDER.address(), 0);

        assertThat(registry(anvil.url()).refusal(PROVIDER.sessionKey())).isEmpty();
    }

    @Test
    void shouldRefuseWhoDoesNotOwnTheProvider() throws Exception {
        answering(SampleProvider.of("other").address(), 0);

        assertThat(registry(anvil.url())
                        .refusal(PROVIDER.sessionKey())
                        .orElseThrow()
                        .code())
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void shouldRefuseAProviderThatIsNotRegistered() throws Exception {
        answering(Address.ZERO, 0);

        var refusal = registry(anvil.url()).refusal(PROVIDER.sessionKey()).orElseThrow();
        assertThat(refusal.detail()).contains("to be registered on chain, but it is not");
    }

    @Test
    void shouldRefuseARevokedSerial() throws Exception {
        answering(PROVIDER.address(), 1);

        var refusal = registry(anvil.url()).refusal(PROVIDER.sessionKey()).orElseThrow();
        assertThat(refusal.detail()).contains("revoked");
    }

    @Test
    void shouldLetNobodyInWhenTheChainIsAway() {
        var refusal =
                registry("http://127.0.0.1:1").refusal(PROVIDER.sessionKey()).orElseThrow();

        assertThat(refusal.code()).isEqualTo(ErrorCode.CHAIN_ERROR);
    }

    private static RpcProviderRegistry registry(String url) {
        return new RpcProviderRegistry(REGISTRY, URI.create(url));
    }

    /** PUSH20 owner, store at 0; PUSH1 revokedAt, store at 32; return 64 bytes. */
    private static void answering(Address owner, int revokedAt) throws Exception {
        var code = "0x73" + owner.value().substring(2) + "600052" + "60%02x".formatted(revokedAt) + "602052"
                + "60406000f3";
        var body = Map.of(
                "jsonrpc", "2.0", "id", 1, "method", "anvil_setCode", "params", new Object[] {REGISTRY.value(), code});
        var request = HttpRequest.newBuilder(URI.create(anvil.url()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
    }
}
