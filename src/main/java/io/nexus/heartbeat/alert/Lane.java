package io.nexus.heartbeat.alert;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way to one destination: one message at a time. Guarded by the courier's lock. */
final class Lane {
  private final Set<Parcel> parcels = new LinkedHashSet<>();
  private final String destination;
  private boolean sending;
  private long pausedUntil;
  private Timing.@Nullable Alarm alarm;
  private @Nullable Object turn;
  private long alarmAt;

  Lane(String destination, long now) {
    this.destination = destination;
    this.pausedUntil = now;
  }

  String destination() {
    return destination;
  }

  void add(Parcel parcel) {
    parcels.add(parcel);
  }

  void remove(Parcel parcel) {
    parcels.remove(parcel);
  }

  boolean isSending() {
    return sending;
  }

  /** The provider wants to be left alone. */
  void pause(long until) {
    pausedUntil = Math.max(pausedUntil, until);
  }

  /** The next to go, whenever that may be. */
  Optional<Parcel> next() {
    return parcels.stream().filter(Parcel::canGo).min(Comparator.comparingLong(Parcel::notBefore));
  }

  long dueAt(Parcel parcel, Rates rates, long now) {
    var earliest = Math.max(now, Math.max(parcel.notBefore(), pausedUntil));
    return Math.max(earliest, rates.freeAt(parcel.channel().limits(), now));
  }

  boolean isPaused(long now) {
    return pausedUntil > now;
  }

  long pausedUntil() {
    return pausedUntil;
  }

  /** Nothing is left to do or to remember. */
  boolean isOver(long now) {
    return parcels.isEmpty() && !sending && !isPaused(now);
  }

  /** The work at the next alarm is done only by whoever holds this turn. */
  Object newTurn(long at) {
    cancel();
    turn = new Object();
    alarmAt = at;
    return turn;
  }

  /** An alarm is set for then or before; a turn taken too early sets the next. */
  boolean wakesBy(long due) {
    return turn != null && alarmAt <= due;
  }

  void setAlarm(Timing.Alarm next) {
    alarm = next;
  }

  boolean takeTurn(Object mine) {
    if (turn != mine) {
      return false; // it was cancelled just when it was due
    }
    turn = null;
    return true;
  }

  void begin() {
    sending = true;
  }

  void end() {
    sending = false;
    alarm = null;
  }

  void cancel() {
    if (alarm != null) {
      alarm.cancel();
    }
    alarm = null;
    turn = null;
  }
}
