package dev.imgcompat.core.testing;

import dev.imgcompat.core.testing.IssuedTokens.Access;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token server as the distribution project specifies it, at {@code /token} of a port of the
 * loopback interface: with GET for a user's name and password or for nobody, and with POST for
 * refresh tokens. Whoever is known may do all with every repository but the forbidden ones. As long
 * as no user is known, nobody may pull; afterwards nobody gets a token that opens nothing.
 */
public final class TokenServer extends FaultyServer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String SERVICE = "registry of tests";
  private static final String NOBODY = "";

  private final IssuedTokens issued = new IssuedTokens();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
  private final Set<String> omitted = ConcurrentHashMap.newKeySet();
  private volatile Optional<JsonWebTokens> signed = Optional.empty();
  private volatile Duration lifetime = Duration.ofMinutes(5);

  /** Starts one that speaks plain http, on a free port. Its tokens are opaque. */
  public TokenServer() {
    this(Optional.empty());
  }

  private TokenServer(Optional<Tls> tls) {
    super(tls);
    start();
  }

  /** Starts one that speaks https. */
  public static TokenServer secure(SSLContext context) {
    return new TokenServer(Optional.of(new Tls(context, false)));
  }

  /**
   * Issues JSON Web Tokens that are signed by {@link TestPki#tokenSigner()} of the shared
   * authority: the real registry takes them.
   */
  public TokenServer signing() {
    signed = Optional.of(new JsonWebTokens(TestPki.shared().tokenSigner(), issuer(), service()));
    return this;
  }

  /**
   * Issues tokens that live so long, five minutes unless told; whole seconds if they are signed.
   */
  public TokenServer lifetime(Duration time) {
    lifetime = time;
    return this;
  }

  /** Knows a user. */
  public TokenServer user(String name, String password) {
    passwords.put(name, password);
    return this;
  }

  /** Knows a user by a refresh token. */
  public TokenServer refreshToken(String name, String token) {
    refreshTokens.put(token, name);
    return this;
  }

  /** Gives nobody access to a repository. */
  public TokenServer forbid(String repository) {
    forbidden.add(repository);
    return this;
  }

  /** Leaves out a member of its answers, such as {@code token} or {@code expires_in}. */
  public TokenServer without(String member) {
    omitted.add(member);
    return this;
  }

  /** Where tokens are to be had. */
  public String realm() {
    return url() + "/token";
  }

  /** The name of the service that the tokens are for. */
  public String service() {
    return SERVICE;
  }

  /** Who is said to issue the tokens. */
  public String issuer() {
    return "issuer of tests";
  }

  /** The certificate of the authority behind signed tokens, as PEM. */
  public String rootPem() {
    return TestPki.shared().authorityPem();
  }

  /** Whether a token was issued here, and lives. */
  public boolean isValid(String token) {
    return issued.find(token).isPresent();
  }

  /**
   * Issues a token without being asked over HTTP.
   *
   * @param user empty for nobody
   * @param scopes such as {@code repository:team/it:pull,push}, with spaces between them
   */
  public String issue(String user, String scopes) {
    Set<Access> access =
        Access.parse(scopes).stream().filter(a -> may(user, a)).collect(Collectors.toSet());
    Duration time = lifetime;
    String token =
        signed.map(s -> s.sign(user, access, Instant.now(), time)).orElseGet(IssuedTokens::random);
    issued.add(token, access, time);
    return token;
  }

  /** The tokens that were issued, in order. */
  public List<String> issued() {
    return issued.all();
  }

  /** Ends the life of all tokens that were issued; the real registry does not learn of it. */
  public void revokeAll() {
    issued.revokeAll();
  }

  /** The header {@code WWW-Authenticate} of a registry that wants a token of this server. */
  public String challenge(Optional<String> repository) {
    return "Bearer realm=\""
        + realm()
        + "\",service=\""
        + service()
        + "\""
        + repository.map(r -> ",scope=\"repository:" + r + ":pull\"").orElse("");
  }

  /** How a registry refuses to list its repositories, unless there is a living token for that. */
  Optional<Reply> refusalOfCatalog(RecordedRequest request) {
    return request
            .authorization()
            .filter(a -> a.startsWith("Bearer "))
            .flatMap(a -> issued.find(a.substring(7)))
            .filter(access -> access.contains(Access.CATALOG))
            .isPresent()
        ? Optional.empty()
        : Optional.of(
            Reply.error(401, "UNAUTHORIZED", "authentication required")
                .with(
                    "WWW-Authenticate",
                    challenge(Optional.empty()) + ",scope=\"registry:catalog:*\""));
  }

  /** How a registry refuses a request, unless it has a living token for a repository. */
  Optional<Reply> refusal(RecordedRequest request, Optional<String> repository) {
    Optional<String> token =
        request.authorization().filter(a -> a.startsWith("Bearer ")).map(a -> a.substring(7));
    Optional<Set<Access>> access = token.flatMap(issued::find);
    if (access.isPresent()
        && repository.stream().allMatch(r -> access.get().contains(new Access(r, "pull")))) {
      return Optional.empty();
    }
    String error = access.isPresent() ? "insufficient_scope" : "invalid_token";
    return Optional.of(
        Reply.error(401, "UNAUTHORIZED", "authentication required")
            .with(
                "WWW-Authenticate",
                challenge(repository) + token.map(t -> ",error=\"" + error + "\"").orElse("")));
  }

  @Override
  Optional<Reply> refusal(RecordedRequest request) {
    return Optional.empty();
  }

  @Override
  Reply whole(RecordedRequest request) {
    return usual(request);
  }

  @Override
  Reply usual(RecordedRequest request) {
    if (!request.path().equals("/token")) {
      return Reply.error(404, "NOT_FOUND", "no such page");
    }
    return switch (request.method()) {
      case "GET" -> get(request);
      case "POST" -> post(request);
      default -> Reply.status(405);
    };
  }

  private Reply get(RecordedRequest request) {
    if (request.authorization().isEmpty()) {
      return token(request, NOBODY);
    }
    for (Map.Entry<String, String> user : passwords.entrySet()) {
      String right = basic(user.getKey(), user.getValue());
      if (request.authorization().filter(right::equals).isPresent()) {
        return token(request, user.getKey());
      }
    }
    return Reply.error(401, "UNAUTHORIZED", "incorrect username or password")
        .with("WWW-Authenticate", "Basic realm=\"tokens\"");
  }

  private Reply post(RecordedRequest request) {
    if (!request.parameter("grant_type").equals(Optional.of("refresh_token"))) {
      return Reply.json(400, "{\"error\":\"unsupported_grant_type\"}");
    }
    Optional<String> user = request.parameter("refresh_token").map(refreshTokens::get);
    return user.isPresent()
        ? token(request, user.get())
        : Reply.json(401, "{\"error\":\"invalid_grant\"}");
  }

  private Reply token(RecordedRequest request, String user) {
    String token = issue(user, String.join(" ", request.parameters("scope")));
    ObjectNode answer = MAPPER.createObjectNode();
    answer.put("token", token);
    answer.put("access_token", token);
    answer.put("expires_in", lifetime.toSeconds());
    answer.put("issued_at", Instant.now().toString());
    if (request.parameter("offline_token").isPresent() && !user.equals(NOBODY)) {
      String refresh = IssuedTokens.random();
      refreshTokens.put(refresh, user);
      answer.put("refresh_token", refresh);
    }
    answer.remove(new ArrayList<>(omitted));
    return Reply.json(200, answer.toString());
  }

  private boolean may(String user, Access access) {
    boolean known = !user.equals(NOBODY);
    return !forbidden.contains(access.repository())
        && (known || (passwords.isEmpty() && access.action().equals("pull")));
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
