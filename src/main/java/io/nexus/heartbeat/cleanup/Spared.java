package io.nexus.heartbeat.cleanup;

/** Why something that was asked for is still there. */
public enum Spared {
  Young("not old enough"),
  Recent("changed in the last 5 minutes"),
  Newest("among the newest"),
  Kept("to be kept"),
  Tracked("tracked by git"),
  Untold("in a git repository of which it cannot be told what it tracks"),
  OpenForWriting("open for writing"),
  SymbolicLink("a symbolic link, which is not followed"),
  OtherMount("on another mount"),
  NotAFile("no regular file"),
  TooDeep("too many directories deep"),
  Changed("replaced while it was looked at");

  private final String words;

  Spared(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
