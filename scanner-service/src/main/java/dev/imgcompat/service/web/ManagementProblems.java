package dev.imgcompat.service.web;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Lets the port of the management refuse requests in the same way. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class ManagementProblems {
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementProblemValve() {
    return ProblemValve::addTo;
  }
}
