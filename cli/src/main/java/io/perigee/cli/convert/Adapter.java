package io.perigee.cli.convert;

import io.perigee.protocol.spec.MethodKind;
import java.util.List;

/**
 * The method both tools spread over several switches.
 *
 * @param quantised nf4 with double quantisation
 * @param doraKey the tool's key for DoRA, for what cannot be both
 */
record Adapter(int r, int alpha, boolean rslora, boolean dora, boolean quantised, String rsloraKey, String doraKey) {
    /** Notes kind, r and alpha; targets and dropout are their own keys. */
    void note(Sheet sheet, String kindKey, String rKey, String alphaKey) {
        if (dora && quantised) {
            sheet.refuses(
                    doraKey, "either DoRA or a 4-bit base", "train DoRA on the base as it is, or QLoRA without it");
        }
        var kind = quantised ? MethodKind.QLORA : dora ? MethodKind.DORA : rslora ? MethodKind.RSLORA : MethodKind.LORA;
        sheet.maps(kindKey, "method.kind", kind.wire());
        if (rslora) {
            sheet.maps(rsloraKey, "method.kind", kind.wire());
        }
        if (dora && kind == MethodKind.DORA) {
            sheet.maps(doraKey, "method.kind", kind.wire());
        }
        sheet.maps(rKey, "method.r", r);
        sheet.maps(alphaKey, "method.alpha", rslora && kind != MethodKind.RSLORA ? scaled(sheet) : alpha);
    }

    /** rsLoRA scales by alpha/√r: with another alpha that is the usual alpha/r, where √r is whole. */
    private int scaled(Sheet sheet) {
        int root = (int) Math.round(Math.sqrt(r));
        if (root * root != r) {
            sheet.refuses(
                    rsloraKey,
                    "a square r, so that alpha/sqrt(r) can be written as another alpha/r",
                    "take r 4, 16, 64 or 256, or leave rsLoRA off");
            return alpha;
        }
        return Math.multiplyExact(alpha, root);
    }

    /** The linear layers of an architecture, as its modules are called. */
    static List<String> linearLayers(String modelType) {
        return modelType.startsWith("phi3")
                ? List.of("qkv_proj", "o_proj", "gate_up_proj", "down_proj")
                : List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
    }
}
