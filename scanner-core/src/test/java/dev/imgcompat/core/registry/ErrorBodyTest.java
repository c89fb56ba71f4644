package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no such tag                                     | no such tag
          sent Bearer abc.def.ghi-jkl, which is none      | sent Bearer ***, which is none
          see https://user:secret@host/x                  | see https://***@host/x
          GET https://host/blob?sig=SIGNATURE&x=1 failed  | GET https://host/blob?*** failed
          basic auth is not enough                        | basic auth is not enough
          """)
  void whatLooksLikeASecretIsNotRepeated(String said, String expected) {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(500);
    response.setEntity(
        new ByteArrayEntity(
            ("{\"errors\": [{\"message\": \"" + said + "\"}]}").getBytes(StandardCharsets.UTF_8),
            null));
    assertThat(ErrorBody.message(response, new Masks())).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errors\":[{\"code\":\"X\",\"message\":\"why\"}]}",
        "{\"errors\":[{\"code\":\"why\",\"message\":\"\"}]}",
        "{\"message\":\"why\"}",
        "{\"details\":\"why\"}",
        "{\"detail\":\"why\",\"error_message\":\"why\",\"error_type\":\"x\",\"status\":401}",
        "{\"error\":\"x\",\"error_description\":\"why\"}",
        "{\"error\":\"why\"}",
      })
  void whatIsSaidIsFoundWhereverProgramsWriteIt(String body) {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(401);
    response.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), null));
    assertThat(ErrorBody.message(response, new Masks())).hasValue("why");
  }
}
