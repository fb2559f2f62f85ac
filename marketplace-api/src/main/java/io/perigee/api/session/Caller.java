package io.perigee.api.session;

import io.perigee.api.problem.Refused;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;

/** Who is asking, as proven by a signature when the session was opened. */
public sealed interface Caller {
    /** The name under which grants and uploads are kept. */
    String subject();

    /** A wallet. */
    record Builder(Address address) implements Caller {
        @Override
        public String subject() {
            return address.value();
        }
    }

    /** A provider's agent; its token opens artifacts only. */
    record Agent(ProviderId provider) implements Caller {
        @Override
        public String subject() {
            return provider.value();
        }
    }

    /** The wallet, where only wallets may go. */
    default Address builder() {
        return switch (this) {
            case Builder(var address) -> address;
            case Agent(var provider) ->
                throw new Refused(
                        ErrorCode.FORBIDDEN,
                        "Expected to serve a builder, but the token is of the agent of provider '%s'"
                                .formatted(provider));
        };
    }
}
