package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ReferenceParts;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.Question.Kind;
import dev.imgcompat.core.registry.Sender.Sent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells answers of one registry that have what was asked for from those that do not, and what these
 * mean. Safe for use by several threads.
 */
final class Refusals {
  private static final int SOME_TAGS = 10;
  private static final int MAX_TAGS_BYTES = 4 << 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final String name;
  private final HttpTransport transport;
  private final Sender sender;
  private final Authorizer authorizer;
  private final Masks masks;
  private final RegistrySettings settings;

  Refusals(
      String name,
      HttpTransport transport,
      Sender sender,
      Authorizer authorizer,
      Masks masks,
      RegistrySettings settings) {
    this.name = name;
    this.transport = transport;
    this.sender = sender;
    this.authorizer = authorizer;
    this.masks = masks;
    this.settings = settings;
  }

  /**
   * Returns an answer that has what was asked for; discards all others. A list that is refused with
   * status 400 is returned, too: it may have been too much at once.
   */
  ClassicHttpResponse accepted(Sent sent, Question question) throws IOException, ScanException {
    ClassicHttpResponse response = sent.response();
    Optional<String> store = sent.store();
    int status = response.getCode();
    boolean ranged = question.from() > 0;
    if (status == HttpStatus.SC_OK
        || (ranged && (status == HttpStatus.SC_PARTIAL_CONTENT || status == 416))) {
      return response;
    }
    if (!question.hasBody() && saysNothingOfHead(status, store.isPresent())) {
      return response;
    }
    boolean isList = question.kind() == Kind.TAGS || question.kind() == Kind.CATALOG;
    if (isList && status == HttpStatus.SC_BAD_REQUEST) {
      return response;
    }
    if (question.kind() == Kind.CATALOG
        && (status == HttpStatus.SC_METHOD_NOT_ALLOWED
            || status == HttpStatus.SC_NOT_IMPLEMENTED)) {
      HttpTransport.discard(response);
      throw Failures.noCatalog(name, "status " + status);
    }
    String who = store.map(s -> "its blob store " + s).orElse("it");
    Failures.throwIfLater(response, who, masks);
    if (store.isEmpty() && (status == 401 || status == 403)) {
      throw denied(question, response);
    }
    if (status == 404 || status == 410) {
      HttpTransport.discard(response);
      throw missing(question, status);
    }
    throw senseless(response, who);
  }

  /** The failure to get anything else but an error; discards the response. */
  IOException senseless(ClassicHttpResponse response, String who) {
    String said = ErrorBody.message(response, masks).map(m -> " (\"" + m + "\")").orElse("");
    HttpTransport.discard(response);
    return new BadAnswer(who + " answered status " + response.getCode() + said);
  }

  /** The token server gave no token. */
  ScanException denied(Question question, TokenSource.Refused refused) {
    return Denials.denied(
        question, name, Failures.reason(refused, masks), true, authorizer.shown(question.scope()));
  }

  /** Where HEAD is not known; blob stores have addresses that are signed for GET alone. */
  private static boolean saysNothingOfHead(int status, boolean isStore) {
    return status == HttpStatus.SC_METHOD_NOT_ALLOWED
        || status == HttpStatus.SC_NOT_IMPLEMENTED
        || (isStore && (status == 400 || status == 401 || status == 403));
  }

  private ScanException denied(Question question, ClassicHttpResponse response) {
    int status = response.getCode();
    String said = ErrorBody.message(response, masks).map(m -> ", \"" + m + "\"").orElse("");
    HttpTransport.discard(response);
    return Denials.denied(
        question,
        name,
        "status " + status + said,
        status == HttpStatus.SC_UNAUTHORIZED,
        authorizer.shown(question.scope()));
  }

  private ScanException missing(Question question, int status) {
    return switch (question.kind()) {
      case MANIFEST -> unknownManifest(question);
      case BLOB -> Failures.notListed(name, question.what());
      case TAGS -> Failures.noRepository(question.scope().repository(), name);
      case CATALOG -> Failures.noCatalog(name, "status " + status);
      case API -> Failures.notInApi(name, question.what(), status);
    };
  }

  /**
   * Tells an unknown tag from an unknown repository: registries answer both in the same way, but
   * list the tags of a repository that is there.
   */
  private ScanException unknownManifest(Question question) {
    String repository = question.scope().repository();
    List<String> some = new ArrayList<>();
    Question tags = Question.ofTags(repository);
    try (Answer answer =
        new Answer(sender.send(tags.at(tags.target() + "?n=" + SOME_TAGS)).response())) {
      ClassicHttpResponse response = answer.response();
      if (response.getCode() == HttpStatus.SC_NOT_FOUND) {
        return Failures.noRepository(repository, name);
      }
      if (response.getCode() == HttpStatus.SC_OK) {
        byte[] list;
        try (InputStream body =
            transport.body(response, Deadline.in(settings.timeouts().stall()))) {
          list = Bytes.read(body, MAX_TAGS_BYTES, "the list of tags");
        }
        for (JsonNode tag : MAPPER.readTree(list).path("tags")) {
          if (some.size() < SOME_TAGS && ReferenceParts.isTag(tag.asString(""))) {
            some.add(masks.masked(tag.asString("")));
          }
        }
      }
    } catch (IOException | JacksonException | ScanException e) {
      // Then there is less to say.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Failures.noManifest(repository, name, question.qualifier(), some);
  }
}
