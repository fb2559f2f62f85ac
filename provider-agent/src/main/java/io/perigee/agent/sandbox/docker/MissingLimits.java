package io.perigee.agent.sandbox.docker;

import com.github.dockerjava.api.model.Info;
import java.util.ArrayList;
import java.util.List;

/** The sandbox's limits that an engine cannot enforce, in words. */
final class MissingLimits {
    private MissingLimits() {}

    static List<String> of(Info info) {
        var missing = new ArrayList<String>();
        if (Boolean.FALSE.equals(info.getMemoryLimit())) {
            missing.add("memory limit");
        }
        if (Boolean.FALSE.equals(info.getSwapLimit())) {
            missing.add("swap limit");
        }
        if (Boolean.FALSE.equals(info.getCpuCfsQuota())) {
            missing.add("CPU quota");
        }
        if (Boolean.FALSE.equals(info.getRawValues().get("PidsLimit"))) {
            missing.add("process limit");
        }
        var security = info.getSecurityOptions();
        if (security == null || security.stream().noneMatch(o -> o.contains("seccomp"))) {
            missing.add("seccomp filter");
        } else if (security.stream().anyMatch(o -> o.contains("seccomp") && o.contains("unconfined"))) {
            missing.add("seccomp filter (the engine runs unconfined)");
        }
        return missing;
    }
}
