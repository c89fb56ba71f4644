package dev.imgcompat.service.web;

import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.lookup.Lookups;
import dev.imgcompat.service.scan.Scans;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.subject.Subjects;
import dev.imgcompat.service.sweep.Sweeps;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.FormContentFilter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The HTTP API: its endpoints, and how they answer. */
@Configuration(proxyBeanMethods = false)
public class WebConfiguration {
  /** Before security, which is at -100: so nothing reads a body that is not there yet. */
  private static final int BEFORE_SECURITY = -110;

  @Bean
  VerdictEndpoint verdictEndpoint(Lookups lookups, Settings settings) {
    return new VerdictEndpoint(lookups, settings.lookup().maxAge());
  }

  @Bean
  VerdictsEndpoint verdictsEndpoint(Lookups lookups) {
    return new VerdictsEndpoint(lookups);
  }

  @Bean
  ScansEndpoint scansEndpoint(Scans scans, Settings settings) {
    return new ScansEndpoint(scans, settings.scans().maxWait());
  }

  @Bean
  ImagesEndpoint imagesEndpoint(Store store, RulePack rules, Settings settings) {
    return new ImagesEndpoint(
        store, rules, rules.target(settings.judging().runtimes().get(0)).name());
  }

  @Bean
  HistoryEndpoint historyEndpoint(Store store, RulePack rules, Settings settings) {
    return new HistoryEndpoint(store, new Subjects(rules, settings));
  }

  @Bean
  SweepsEndpoint sweepsEndpoint(Sweeps sweeps, Clock clock) {
    return new SweepsEndpoint(sweeps, clock);
  }

  @Bean
  SweptTagsEndpoint sweptTagsEndpoint(Sweeps sweeps) {
    return new SweptTagsEndpoint(sweeps);
  }

  @Bean
  KnowledgeEndpoint knowledgeEndpoint(RulePack rules, Settings settings) {
    return new KnowledgeEndpoint(rules, settings.judging().runtimes());
  }

  @Bean
  StatsEndpoint statsEndpoint(Store store, Lists lists, Settings settings) {
    return new StatsEndpoint(store, lists, settings.judging().runtimes());
  }

  @Bean
  ListsEndpoint listsEndpoint(Lists lists) {
    return new ListsEndpoint(lists);
  }

  @Bean
  DocsEndpoint docsEndpoint() {
    return new DocsEndpoint();
  }

  @Bean
  Failures failures() {
    return new Failures();
  }

  @Bean
  ErrorPage errorPage() {
    return new ErrorPage();
  }

  @Bean
  FilterRegistrationBean<BodyLimit> bodyLimit(Settings settings) {
    FilterRegistrationBean<BodyLimit> filter =
        new FilterRegistrationBean<>(
            new BodyLimit(settings.server().maxBody(), settings.server().threads()));
    filter.setOrder(BEFORE_SECURITY);
    filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
    filter.setAsyncSupported(true);
    return filter;
  }

  /** Nobody here takes a form, and one that is malformed would fail. */
  @Bean
  FilterRegistrationBean<FormContentFilter> noForms(FormContentFilter boots) {
    FilterRegistrationBean<FormContentFilter> filter = new FilterRegistrationBean<>(boots);
    filter.setEnabled(false);
    return filter;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemValve() {
    return ProblemValve::addTo;
  }

  @Bean
  WebMvcConfigurer replies() {
    return new WebMvcConfigurer() {
      @Override
      public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
        handlers.add(new ReplyHandler());
      }
    };
  }

  /** No body is taken apart before an endpoint reads it. */
  @Bean
  MultipartResolver multipartResolver() {
    return new MultipartResolver() {
      @Override
      public boolean isMultipart(HttpServletRequest request) {
        return false;
      }

      @Override
      public MultipartHttpServletRequest resolveMultipart(HttpServletRequest request) {
        throw new IllegalStateException("nothing is taken apart");
      }

      @Override
      public void cleanupMultipart(MultipartHttpServletRequest request) {
        // There is nothing to clean up.
      }
    };
  }
}
