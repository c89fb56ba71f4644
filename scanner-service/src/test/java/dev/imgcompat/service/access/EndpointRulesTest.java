package dev.imgcompat.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.service.web.ApiServer;
import dev.imgcompat.service.web.Specification;
import dev.imgcompat.service.web.Specification.Operation;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls every operation of openapi.yaml as everybody. */
class EndpointRulesTest {
  private static final NewToken READER = TokenFile.create("reader", Role.READER);
  private static final NewToken OPERATOR = TokenFile.create("operator", Role.OPERATOR);

  @TempDir private static Path directory;
  private static ApiServer open;
  private static ApiServer closed;

  @BeforeAll
  static void start() throws Exception {
    Path tokens = directory.resolve("tokens");
    Files.writeString(tokens, READER.line() + "\n" + OPERATOR.line() + "\n");
    open = ApiServer.with(Map.of("access.tokens", tokens.toString()));
    closed = ApiServer.with(Map.of("access.tokens", tokens.toString(), "access.reading", "token"));
  }

  @AfterAll
  static void stop() {
    open.close();
    closed.close();
  }

  private static EndpointRule rule(Operation operation) {
    List<EndpointRule> rules =
        EndpointRules.ALL.stream()
            .filter(r -> r.method().equals(operation.method()) && r.path().equals(operation.path()))
            .toList();
    assertThat(rules).as(operation.method() + " " + operation.path()).hasSize(1);
    return rules.get(0);
  }

  @Test
  void everyOperationHasOneRuleAndEveryRuleAnOperation() {
    Specification.operations().forEach(EndpointRulesTest::rule);
    assertThat(EndpointRules.ALL).hasSameSizeAs(Specification.operations());
  }

  @Test
  void theSpecificationSaysWhoMayCallWhat() {
    for (Operation operation : Specification.operations()) {
      String security = operation.node().path("security").toString();
      String expected =
          switch (rule(operation).need()) {
            case NOTHING -> "[]";
            case READING -> ""; // as stated for all
            case OPERATING -> "[{\"token\":[\"operator\"]}]";
          };
      assertThat(security).as(operation.path()).isEqualTo(expected);
      assertThat(operation.node().get("responses").has("403"))
          .as(operation.path())
          .isEqualTo(rule(operation).need() == Need.OPERATING);
    }
  }

  @Test
  void everybodyGetsAsFarAsTheRuleSays() {
    for (Operation operation : Specification.operations()) {
      Need need = rule(operation).need();
      boolean operating = need == Need.OPERATING;

      assertThat(call(open, operation, "")).satisfies(s -> isServed(s, !operating, 401));
      assertThat(call(open, operation, READER.token()))
          .satisfies(s -> isServed(s, !operating, 403));
      assertThat(call(open, operation, OPERATOR.token())).satisfies(s -> isServed(s, true, 0));
      assertThat(call(open, operation, "wrong")).isEqualTo(401);

      assertThat(call(closed, operation, ""))
          .satisfies(s -> isServed(s, need == Need.NOTHING, 401));
      assertThat(call(closed, operation, READER.token()))
          .satisfies(s -> isServed(s, !operating, 403));
      assertThat(call(closed, operation, OPERATOR.token())).satisfies(s -> isServed(s, true, 0));
      assertThat(call(closed, operation, "wrong")).isEqualTo(401);
    }
  }

  /** Without a body or an id most operations have nothing to do, but they were reached. */
  private static void isServed(int status, boolean served, int otherwise) {
    if (served) {
      assertThat(status).isIn(200, 302, 400, 404);
    } else {
      assertThat(status).isEqualTo(otherwise);
    }
  }

  private static int call(ApiServer server, Operation operation, String token) {
    String path = operation.path().replaceAll("\\{\\w+}", "x");
    HttpResponse<byte[]> response =
        token.isEmpty()
            ? server.send(operation.method(), path, null)
            : server.send(operation.method(), path, null, "Authorization", "Bearer " + token);
    String body = new String(response.body(), StandardCharsets.UTF_8);
    if (!token.isEmpty() && response.statusCode() >= 400) {
      assertThat(body).doesNotContain(token.equals("wrong") ? "\"wrong\"" : token);
    }
    boolean challenged = response.headers().firstValue("WWW-Authenticate").isPresent();
    assertThat(challenged).isEqualTo(response.statusCode() == 401 || response.statusCode() == 403);
    return response.statusCode();
  }

  @Test
  void tokensAreTakenFromTheHeaderOnly() {
    assertThat(closed.get("/v1/version?access_token=" + READER.token()).statusCode())
        .isEqualTo(401);
    assertThat(
            closed
                .post(
                    "/v1/verdicts",
                    "access_token=" + READER.token(),
                    "Content-Type",
                    "application/x-www-form-urlencoded")
                .statusCode())
        .isEqualTo(401);
    assertThat(closed.get("/v1/version", "Authorization", "Basic YTpi").statusCode())
        .isEqualTo(401);
    assertThat(closed.get("/v1/version", "Authorization", "Bearer a b").statusCode())
        .isEqualTo(401);
    assertThat(closed.get("/v1/version", "Authorization", "bearer " + READER.token()).statusCode())
        .isEqualTo(200);
  }
}
