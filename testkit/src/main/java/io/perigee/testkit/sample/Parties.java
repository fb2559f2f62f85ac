package io.perigee.testkit.sample;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Domain;
import java.nio.charset.StandardCharsets;

/** Who takes part. A key is made from its name, so that a test that fails can be run again. */
public final class Parties {
  public static final Domain DOMAIN = new Domain(31337, Address.parse("0x" + "e5".repeat(20)));
  public static final Address TOKEN = Address.parse("0x" + "70".repeat(20));
  public static final KeyPair HUB = key("hub");
  public static final KeyPair BUILDER = key("builder");

  private Parties() {}

  public static KeyPair key(String name) {
    return KeyPair.ofSecret(digest("key " + name).bytes());
  }

  public static Digest digest(String text) {
    return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
  }

  public static ContentId content(String text) {
    return ContentId.parse("sha256:" + digest(text).value().substring(2));
  }
}
