package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.router.ImageName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a new list sends elsewhere than one that was published before, and why. Immutable.
 *
 * @param lines one a name, ordered: {@code +} for what is added, {@code -} for what is removed,
 *     {@code ~} for what goes elsewhere
 * @param entries how many entries of the old list count: tags, entries of others, and digests of
 *     repositories without tags, since digests change whenever an image is built anew
 * @param removed how many of them the new list lacks
 */
public record ListDiff(List<String> lines, int entries, int removed) {
  public ListDiff {
    lines = List.copyOf(lines);
  }

  /** Whether more than a share of the old list's entries is gone, in percent. */
  public boolean removesMoreThan(double percent) {
    return removed * 100.0 > entries * percent;
  }

  static ListDiff of(Listing before, Listing now, ExportInput input) {
    Reasons reasons = new Reasons(input);
    List<String> lines = new ArrayList<>();
    Set<ImageName> names = new TreeSet<>(before.places().keySet());
    names.addAll(now.places().keySet());
    for (ImageName name : names) {
      String from = before.places().get(name);
      String to = now.places().get(name);
      if (!Objects.equals(from, to)) {
        String change =
            from == null
                ? "+ " + name + " " + to
                : to == null ? "- " + name + " " + from : "~ " + name + " " + from + " → " + to;
        lines.add(Printable.of(change + ": " + reasons.of(name)));
      }
    }
    difference(now.foreign(), before.foreign())
        .forEach(text -> lines.add(Printable.of("+ pattern " + text)));
    Collection<String> foreign = difference(before.foreign(), now.foreign());
    foreign.forEach(
        text ->
            lines.add(
                Printable.of(
                    "- pattern " + text + ": not of this program, which does not keep it")));
    Set<ImageName> counted = counted(before);
    int removed =
        (int) counted.stream().filter(n -> !now.places().containsKey(n)).count() + foreign.size();
    return new ListDiff(lines, counted.size() + before.foreign().size(), removed);
  }

  private static Collection<String> difference(Map<String, String> from, Map<String, String> what) {
    return from.keySet().stream().filter(t -> !what.containsKey(t)).toList();
  }

  private static Set<ImageName> counted(Listing listing) {
    Set<String> tagged =
        listing.places().keySet().stream()
            .filter(n -> !n.isDigest())
            .map(ImageName::home)
            .collect(Collectors.toSet());
    return listing.places().keySet().stream()
        .filter(n -> !n.isDigest() || !tagged.contains(n.home()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Why a name is where it is now. */
  private static final class Reasons {
    private final Map<ImageName, Placement> placements = new TreeMap<>();
    private final SortedSet<String> homes = new TreeSet<>();
    private final ExportOptions options;

    Reasons(ExportInput input) {
      options = input.options();
      input
          .threeWay()
          .all()
          .forEach(
              (name, placement) -> {
                placements.put(name.abbreviated(), placement);
                homes.add(name.home());
              });
    }

    String of(ImageName name) {
      Placement placement = placements.get(name);
      if (placement == null) {
        return name.isDigest() && homes.contains(name.home())
            ? "its repository has other images now"
            : "not in the reports";
      }
      List<String> rules = placement.reasons(options);
      return placement.because().verdict().decision()
          + (rules.isEmpty() ? "" : " by " + String.join(", ", rules))
          + ", scanned "
          + placement.because().image().scannedAt();
    }
  }
}
