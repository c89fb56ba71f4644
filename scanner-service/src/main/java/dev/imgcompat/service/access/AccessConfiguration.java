package dev.imgcompat.service.access;

import dev.imgcompat.service.settings.Settings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * Who may call what on the server's own port. What is asked on another port, that of the
 * management, is none of this.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
public class AccessConfiguration {
  @Bean
  AuthenticationManagerResolver<HttpServletRequest> bearerTokens(Settings settings) {
    BearerTokens tokens =
        new BearerTokens(Optional.ofNullable(settings.access().tokens()).map(TokenFile::open));
    return request -> tokens;
  }

  @Bean
  Denials denials() {
    return new Denials();
  }

  @Bean
  SecurityFilterChain endpoints(
      HttpSecurity http,
      ApplicationContext context,
      Settings settings,
      Denials denials,
      AuthenticationManagerResolver<HttpServletRequest> tokens) {
    return http.securityMatcher(request -> isOf(context, request))
        .authorizeHttpRequests(
            a ->
                a.requestMatchers(AccessConfiguration::isOnlyAnswered)
                    .permitAll()
                    .anyRequest()
                    .access(new EndpointGate(settings.access().reading())))
        .oauth2ResourceServer(
            o ->
                o.authenticationManagerResolver(tokens)
                    .bearerTokenResolver(new BearerHeader())
                    .authenticationEntryPoint(denials)
                    .accessDeniedHandler(denials))
        .exceptionHandling(e -> e.authenticationEntryPoint(denials).accessDeniedHandler(denials))
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .headers(
            h ->
                h.cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                    .referrerPolicy(r -> r.policy(ReferrerPolicy.NO_REFERRER)))
        .build();
  }

  private static boolean isOf(ApplicationContext context, HttpServletRequest request) {
    return !(context instanceof WebApplicationContext web)
        || web.getServletContext() == request.getServletContext();
  }

  /** What led there was let through and has its result, or is only reported. */
  private static boolean isOnlyAnswered(HttpServletRequest request) {
    return switch (request.getDispatcherType()) {
      case ERROR -> true;
      case ASYNC -> WebAsyncUtils.getAsyncManager(request).hasConcurrentResult();
      default -> false;
    };
  }

  /**
   * Methods of any name come as far as the rules, which know none but theirs; headers and
   * parameters of any value come to those that read them: one that a lookup does not need must not
   * fail it.
   */
  @Bean
  HttpFirewall httpFirewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    firewall.setAllowedHeaderNames(name -> true);
    firewall.setAllowedHeaderValues(value -> true);
    firewall.setAllowedParameterNames(name -> true);
    firewall.setAllowedParameterValues(value -> true);
    return firewall;
  }

  /** A span for each filter would cost more than a lookup. */
  @Bean
  SecurityObservationSettings securityObservations() {
    return SecurityObservationSettings.noObservations();
  }
}
