package io.perigee.api.session;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Holds who sent the present request, between {@link Admission} and the resource. */
@RequestScoped
public class CurrentCaller {
    private @Nullable Caller caller;

    void is(Caller admitted) {
        caller = admitted;
    }

    public Caller get() {
        if (caller == null) {
            throw new IllegalStateException("no caller was admitted to this path");
        }
        return caller;
    }
}
