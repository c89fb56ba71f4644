package dev.imgcompat.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenServerTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String SCOPE = "scope=repository:team/it:pull";
  private static final String ANNA = "Basic YW5uYTpnZWhlaW0=";

  private final HttpClient client = HttpClient.newHttpClient();
  private final TokenServer tokens = new TokenServer();
  private final FaultyRegistry registry = new FaultyRegistry().requireToken(tokens);

  @AfterEach
  void stop() {
    tokens.close();
    registry.close();
  }

  private HttpResponse<String> get(String url, String authorization) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String form) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(tokens.realm()))
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode token(String authorization) throws Exception {
    return MAPPER.readTree(get(tokens.realm() + "?service=x&" + SCOPE, authorization).body());
  }

  private int pull(String token) throws Exception {
    return get(registry.url() + "/v2/team/it/manifests/1", "Bearer " + token).statusCode();
  }

  @Test
  void theRegistryWantsALivingToken() throws Exception {
    assertThat(get(registry.url() + "/v2/team/it/manifests/1", "").headers().map())
        .extractingByKey("www-authenticate")
        .asString()
        .contains(tokens.realm(), "repository:team/it:pull");
    String token = token("").path("token").asString();
    assertThat(tokens.isValid(token)).isTrue();
    assertThat(pull(token)).isEqualTo(404);
    assertThat(get(registry.url() + "/v2/other/manifests/1", "Bearer " + token).statusCode())
        .isEqualTo(401);

    tokens.revokeAll();

    assertThat(tokens.isValid(token)).isFalse();
    assertThat(pull(token)).isEqualTo(401);
  }

  @Test
  void passwords() throws Exception {
    tokens.user("anna", "geheim").forbid("team/secret");

    assertThat(pull(token("").path("token").asString())).isEqualTo(401);
    assertThat(get(tokens.realm(), "Basic YTpi").statusCode()).isEqualTo(401);
    assertThat(pull(token(ANNA).path("access_token").asString())).isEqualTo(404);
    assertThat(tokens.requests(tokens.realm().replace(tokens.url(), "")).get(0).parameter("scope"))
        .contains("repository:team/it:pull");
  }

  @Test
  void refreshTokens() throws Exception {
    tokens.user("anna", "geheim").refreshToken("anna", "r1").without("token");
    String form = "&service=x&client_id=c&" + SCOPE.replace(":", "%3A");

    JsonNode answer =
        MAPPER.readTree(post("grant_type=refresh_token&refresh_token=r1" + form).body());
    assertThat(answer.has("token")).isFalse();
    assertThat(answer.path("expires_in").asInt()).isEqualTo(300);
    assertThat(pull(answer.path("access_token").asString())).isEqualTo(404);
    assertThat(post("grant_type=refresh_token&refresh_token=r2" + form).statusCode())
        .isEqualTo(401);
    assertThat(post("grant_type=password&username=anna&password=geheim" + form).body())
        .contains("unsupported_grant_type");
    String refresh =
        MAPPER
            .readTree(get(tokens.realm() + "?offline_token=true", ANNA).body())
            .path("refresh_token")
            .asString();
    assertThat(post("grant_type=refresh_token&refresh_token=" + refresh + form).statusCode())
        .isEqualTo(200);
  }

  @Test
  void signedTokens() throws Exception {
    tokens.signing();
    String[] token = token("").path("token").asString().split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(TestPki.shared().tokenSigner().certificate());
    signature.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));

    assertThat(signature.verify(Base64.getUrlDecoder().decode(token[2]))).isTrue();
    JsonNode claims = MAPPER.readTree(Base64.getUrlDecoder().decode(token[1]));
    assertThat(claims.at("/access/0/name").asString()).isEqualTo("team/it");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(300);
  }
}
