package dev.imgcompat.service.sweep;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import dev.imgcompat.service.settings.InvalidSettingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The plans of the operator's file, by name, and when each is due. Immutable. */
final class Plans {
  private static final String SETTING = "sweeps.plans";

  private final Map<String, SweepPlan> plans = new LinkedHashMap<>();
  private final Map<String, CronSchedule> schedules = new LinkedHashMap<>();

  /**
   * Reads them.
   *
   * @param file absent for none
   * @throws InvalidSettingException if there is a mistake in it
   */
  static Plans read(@Nullable Path file, PlanCheck check) {
    if (file == null) {
      return new Plans(List.of(), check);
    }
    try {
      return new Plans(SweepPlanFile.read(file), check);
    } catch (SweepPlanException e) {
      throw new InvalidSettingException(SETTING, String.valueOf(e.getMessage()));
    }
  }

  Plans(List<SweepPlan> read, PlanCheck check) {
    for (SweepPlan plan : read) {
      try {
        check.requireOfFile(plan);
      } catch (InvalidPlanException e) {
        throw new InvalidSettingException(
            SETTING, "plan " + plan.name() + " " + String.valueOf(e.getMessage()));
      }
      plans.put(plan.name(), plan);
      plan.schedule().ifPresent(s -> schedules.put(plan.name(), cron(plan.name(), s)));
    }
  }

  private static CronSchedule cron(String plan, SweepPlan.Schedule schedule) {
    try {
      return new CronSchedule(schedule.cron(), schedule.zone(), CronStyle.UNIX);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          SETTING,
          "plan "
              + plan
              + " has the schedule '"
              + Printable.of(schedule.cron())
              + "', which is none: write minute, hour, day of the month, month and day of the"
              + " week, such as 30 2 * * mon-fri");
    }
  }

  Optional<SweepPlan> plan(String name) {
    return Optional.ofNullable(plans.get(name));
  }

  Optional<CronSchedule> schedule(String name) {
    return Optional.ofNullable(schedules.get(name));
  }

  List<SweepPlan> all() {
    return List.copyOf(plans.values());
  }

  List<String> names() {
    return List.copyOf(plans.keySet());
  }
}
