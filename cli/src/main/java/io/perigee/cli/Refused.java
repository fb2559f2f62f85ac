package io.perigee.cli;

import io.perigee.cli.ethereum.ChainFault;
import io.perigee.protocol.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that the contract refused while others were done.
 *
 * @param verb what it was to do
 * @param why what it was about, by name
 */
public record Refused(String verb, String why, ChainFault fault) {
    /** Whether it was a refusal, and not a chain that does not answer. */
    public static boolean is(ChainFault fault) {
        return fault.code() == ErrorCode.CHAIN_ERROR;
    }

    public void say(Session session) {
        session.say("  %s refused  %s: %s".formatted(session.ink().failed(), why, fault.getMessage()));
    }

    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("what", verb);
        document.put("why", why);
        document.put("reason", fault.reason());
        document.put("detail", String.valueOf(fault.getMessage()));
        return document;
    }
}
