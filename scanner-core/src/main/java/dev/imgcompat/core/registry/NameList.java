package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings.Taker;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the names in one list of a registry, page by page, without holding them. What is no name is
 * passed over, with one warning. For one thread.
 */
final class NameList {
  private static final int SHOWN = 60;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final RegistryHost host;
  private final String what;
  private final String member;
  private final Predicate<String> isName;
  private final String kind;
  private final long most;
  private long count;
  private boolean warned;

  /**
   * Makes one.
   *
   * @param what the list is, for messages
   * @param member of a page that has the names
   * @param kind of names, in words
   * @param most of them on all pages
   */
  NameList(
      RegistryHost host,
      String what,
      String member,
      Predicate<String> isName,
      String kind,
      long most) {
    this.host = host;
    this.what = what;
    this.member = member;
    this.isName = isName;
    this.kind = kind;
    this.most = most;
  }

  /** Reads a page: an object whose member is a list of names, or null for an empty one. */
  void read(byte[] page, Taker<String> taker) throws ScanException, InterruptedException {
    boolean found = false;
    try (JsonParser parser = MAPPER.createParser(page)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw senseless("it did not answer with an object of JSON");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals(member);
        JsonToken value = parser.nextToken();
        if (!wanted) {
          parser.skipChildren();
          continue;
        }
        found = true;
        if (value == JsonToken.START_ARRAY) {
          names(parser, taker);
        } else if (value != JsonToken.VALUE_NULL) {
          throw senseless("what it answered as '" + member + "' is no list");
        }
      }
      if (parser.nextToken() != null) {
        throw senseless("its answer does not end with the list");
      }
    } catch (JacksonException e) {
      // Without the cause, which quotes the answer.
      throw senseless("it did not answer with JSON, or with too much of it");
    }
    if (!found) {
      throw senseless("its answer has no '" + member + "'");
    }
  }

  private void names(JsonParser parser, Taker<String> taker)
      throws ScanException, InterruptedException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == null) {
        throw senseless("its answer ends too early");
      }
      count++;
      if (count > most) {
        throw new ScanException.LimitExceeded(
            "registry " + host.name() + " lists more than " + most + " of " + what);
      }
      String name = token == JsonToken.VALUE_STRING ? parser.getString() : "";
      parser.skipChildren();
      if (isName.test(name)) {
        taker.take(name);
      } else if (!warned) {
        warned = true;
        host.warn(
            "registry "
                + host.name()
                + " lists as one of "
                + what
                + " what cannot be "
                + kind
                + ", such as '"
                + Printable.of(name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name)
                + "': passed over");
      }
    }
  }

  private ScanException senseless(String problem) {
    return Failures.senseless(host.name(), what, problem);
  }
}
