package io.perigee.api.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the document says beside what the code shows: of each request its units, repeats and refusals. */
final class Words {
    static final String DOCUMENT = """
            The front door of a Perigee hub, where strangers' machines run fine-tuning jobs and are paid once the result is \
            verified.

            **In which order.** Ask `GET /api/v1/hub`, log in, upload base and dataset, ask for a quote, sign its order, submit \
            the job, and follow its events. The command line `perigee` does all of it.

            **Authorize.** Every request with a lock wants `Authorization: Bearer TOKEN`. `perigee token` prints one, good for 12 \
            hours; or sign a challenge yourself (Sessions).

            **Values.** Money is in the token's smallest unit, a whole number as a text. Times are UTC. Keys that the API does not \
            know are refused.

            **Refusals.** A problem document (RFC 9457) with a `code` that never changes, `retryable`, and a `hint`. Whoever asks \
            more than 3,000 times a minute gets `RATE_LIMITED` with `Retry-After`.

            **Words.** A *builder* orders, a *provider* works for its *owner*. A job is trained in *segments*; a *border* is where \
            two meet, and a provider seals its state there. A *numeric class* is machines whose results agree bit for bit. A \
            provider's *bond* is what an assignment puts at risk out of its owner's *stake*. An *allotment* is what a builder set \
            aside in the escrow for this hub. An *epoch* is a list of payments whose root is posted on the chain.
            """;

    private Words() {}

    /** The groups, in the order of the work, each with what it is for. */
    static Map<String, String> tags() {
        var tags = new LinkedHashMap<String, String>();
        tags.put("Hub", "Ask this first: who the hub is, and what everything that is signed must name.");
        tags.put("Sessions", "Log in with a wallet, without a password or an account.");
        tags.put("Artifacts", "Bring the inputs and take the results: files named by their SHA-256.");
        tags.put(
                "Jobs",
                "Quote, submit, follow, and prove. A job is trained in segments; where two meet is a border, at "
                        + "which its state is sealed.");
        tags.put("Providers", "Who lends machines here. An assignment puts a bond at risk, out of its owner's stake.");
        tags.put(
                "Records",
                "What builders and owners have shown, and in which numeric classes results agree bit for bit.");
        tags.put(
                "Epochs",
                "How orders are paid together: an epoch is a list of debits and credits, whose root is posted on "
                        + "the chain.");
        tags.put("Problems", "Every refusal, as RFC 9457 says it.");
        return Collections.unmodifiableMap(tags);
    }

    /** By request, as {@code GET /api/v1/hub}. */
    static Map<String, String> operations() {
        var words = new LinkedHashMap<String, String>();
        words.put(
                "GET /api/v1/hub",
                "The values that every signature names, the token with its decimals, the window W in seconds, "
                        + "and the job images by name. Changes only when the operator sets up another market. Needs no "
                        + "session.");
        words.put(
                "POST /api/v1/sessions/challenges",
                "A nonce and the very text to sign. Good once, for 5 minutes. 120 sign-ins a minute for one "
                        + "network address, then `RATE_LIMITED`.");
        words.put(
                "POST /api/v1/sessions",
                "The token is good for 12 hours, for whoever has it: a secret. It moves no money, which takes "
                        + "the wallet's signature. A challenge that is unknown, used, expired or signed by somebody else "
                        + "is `UNAUTHENTICATED`. Not to be repeated: ask for a new challenge.");
        words.put(
                "POST /api/v1/quotes",
                "Reads the job, fills in what it leaves out, and answers with the plan (borders, units of work, "
                        + "replicas), the maximum price in the token's smallest unit, and the order to sign. Keeps nothing "
                        + "and promises nothing; may be repeated. A wrong job is `INVALID_SPEC`, with one violation for "
                        + "each field; inputs that are not uploaded are `ARTIFACT_MISSING`.");
        words.put(
                "POST /api/v1/jobs",
                "Takes the job of a quote with the wallet's signature of its order. `Idempotency-Key` is the "
                        + "caller's, of 1 to 128 characters: the same key and body get the same answer again, with the "
                        + "header `Idempotency-Replayed: true`; the same key with another body is `IDEMPOTENCY_MISMATCH`. "
                        + "An order is good once (`REPLAYED_ORDER`) and until its deadline (`ORDER_EXPIRED`). The job "
                        + "waits until its maximum is free in the builder's allotment; what it does not cost is free again "
                        + "when it ends.");
        words.put(
                "POST /api/v1/jobs:batch",
                "1 to 1,000 jobs, each with a key of its own, in one body of at most 8 MiB; 60,000 a minute for "
                        + "one builder. The answer is 200 although some are refused: it says of each whether it was taken, "
                        + "or why not. May be repeated as a whole.");
        words.put(
                "GET /api/v1/jobs",
                "The caller's own jobs. `nextCursor`, where there is one, is the next page's `cursor`; `limit` "
                        + "is 1 to 100.");
        words.put(
                "GET /api/v1/jobs/{id}",
                "State, outcome, price, attempts and payments. Amounts are in the token's smallest unit. A job "
                        + "of somebody else's is `NOT_FOUND`.");
        words.put(
                "POST /api/v1/jobs/{id}/cancel",
                "Answers 202 at once; the end comes as an event. May be repeated. A job that has ended is "
                        + "`WRONG_STATE`. Work up to the last sealed border is verified and paid.");
        words.put(
                "GET /api/v1/jobs/{id}/events",
                "Server-sent events: `id` is the event's number in the job, `event` its kind, `data` the JSON. "
                        + "`Last-Event-ID` resumes behind that number; none is lost or told twice. A comment every 15 s "
                        + "says that the stream lives. It ends behind `JobSettled`.");
        words.put(
                "GET /api/v1/jobs/{id}/timeline",
                "At most 1,000 entries, from behind the number `after` on: the same facts as the events, of a "
                        + "job that may be long over.");
        words.put(
                "GET /api/v1/jobs/{id}/explanation",
                "Counts the providers that each wish of the job leaves out, and what the job would find without "
                        + "it. Of a job that waits for nothing it says so.");
        words.put(
                "GET /api/v1/jobs/{id}/bundle",
                "Orders, commitments, openings, verdict and receipts: enough to check the result and to be paid, "
                        + "or refunded, without this hub. Of a job that is not decided it is `WRONG_STATE`.");
        words.put(
                "POST /api/v1/artifacts/uploads",
                "An artifact is bytes named by their SHA-256; a directory is one whose bytes are a manifest of "
                        + "others, and comes last. At most 64 GiB for one (`TOO_LARGE`), 256 GiB for one caller, 64 "
                        + "unfinished uploads (`RATE_LIMITED`). Announcing the same again finds the same upload.");
        words.put(
                "GET /api/v1/artifacts/uploads/{id}",
                "In bytes. An upload that nobody continues for 24 h is dropped and `NOT_FOUND`.");
        words.put("HEAD /api/v1/artifacts/uploads/{id}", "The same without a body, in bytes, for clients that resume.");
        words.put(
                "PATCH /api/v1/artifacts/uploads/{id}",
                "`Upload-Offset`, in bytes, must be where the upload stands, else `OFFSET_MISMATCH`. At the end "
                        + "the bytes are hashed: others than announced are `DIGEST_MISMATCH`, and dropped.");
        words.put(
                "GET /api/v1/artifacts/{id}",
                "`id` is `sha256:` and 64 hexadecimal digits. One `Range` of bytes is taken, answered with 206; "
                        + "`If-None-Match` is, too, since the name is the content. Who may not read it gets `NOT_FOUND`.");
        words.put(
                "HEAD /api/v1/artifacts/{id}",
                "The size, in bytes, is in `Content-Length`. Who may not read it gets `NOT_FOUND`.");
        words.put(
                "GET /api/v1/providers",
                "Each with its owner's address, its last offer, and when it was last heard. Prices are in the "
                        + "token's smallest unit. Needs no session.");
        words.put(
                "GET /api/v1/providers/{id}/why",
                "Each job it was weighed for: taken, or the reason why not. Of a provider that is not the "
                        + "caller's it is `NOT_FOUND`.");
        words.put("GET /api/v1/record", "What the caller's address has shown, with the jobs it was counted from.");
        words.put(
                "GET /api/v1/records/{address}",
                "Counts of accepted, failed and disproved work, by numeric class. Of an address that never "
                        + "worked here it is empty. Needs no session.");
        words.put(
                "GET /api/v1/classes",
                "A numeric class is machines whose results agree bit for bit. Below its floor of owners a "
                        + "difference of bits costs no stake. Needs no session.");
        words.put(
                "GET /api/v1/epochs",
                "`nextCursor`, where there is one, is the next page's `cursor`. Sums are in the token's smallest "
                        + "unit. Needs no session.");
        words.put(
                "GET /api/v1/epochs/{number}",
                "`token` is the address of the token it pays in; left out, the hub's. Needs no session.");
        words.put(
                "GET /api/v1/epochs/{number}/file",
                "Whoever has it can compute the epoch's root, and settle without this hub. Needs no session.");
        words.put(
                "GET /api/v1/problems",
                "Code, HTTP status, whether a repeat may help, and what to do. Needs no session.");
        words.put("GET /api/v1/problems/{code}", "A `type` of a problem document leads here. Needs no session.");
        return Collections.unmodifiableMap(words);
    }
}
