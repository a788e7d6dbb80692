package io.nexus.heartbeat.api.validation;

import io.nexus.heartbeat.api.calendar.CronSchedule;

/** What schedules mean: the schema knows only what they look like. */
final class Schedules {
  private Schedules() {}

  static void check(Tree tree, Damage damage, Findings found) {
    switch (tree) {
      case Tree.Fields fields -> fields.of().values().forEach(field -> check(field, damage, found));
      case Tree.Items items -> items.of().forEach(item -> check(item, damage, found));
      case Tree.Value value when value.path().endsWith(".schedule") && !damage.isIn(value) -> {
        try {
          var _ = CronSchedule.parse(String.valueOf(value.plain()));
        } catch (IllegalArgumentException e) {
          found.add(value.node(), value.path(), String.valueOf(e.getMessage()));
        }
      }
      case Tree.Value _ -> {}
    }
  }
}
