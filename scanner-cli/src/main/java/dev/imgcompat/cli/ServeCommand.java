package dev.imgcompat.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code imgcompat serve}, which the launcher starts in the place of this program: the service has
 * many more dependencies than a scan needs.
 */
@Command(
    name = "serve",
    description = "Starts the service that answers at build start; 'serve --help' says more.",
    customSynopsis = "imgcompat serve [OPTIONS]")
final class ServeCommand implements Callable<Integer> {
  @Override
  public Integer call() throws UsageException {
    throw new UsageException(
        "the service is a jar of its own: ./imgcompat serve starts it, or java -jar"
            + " imgcompat-service.jar");
  }
}
