package io.nexus.heartbeat.cleanup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.posix.Directory;
import io.nexus.heartbeat.posix.FileStatus;
import io.nexus.heartbeat.posix.FileStatus.Kind;
import io.nexus.heartbeat.posix.SystemFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes down from the root to where the plan leads. Each directory is opened as a name of the one it
 * was found in, and must then be the very one that was found: on the same mount, and no symbolic
 * link that took its place. In memory is the way down and nothing else.
 */
final class Walk {
  /** Each is an open file. */
  static final int DEEPEST = 100;

  private final Path path;
  private final Plan plan;
  private final List<Repository> above;
  private final BooleanSupplier isOver;

  /** Time is up. */
  static final class CutOff extends Exception {
    private static final long serialVersionUID = 1;

    CutOff() {
      super("time is up", null, false, false);
    }
  }

  /** A directory that is not entered. */
  private static final class Barred extends Exception {
    private static final long serialVersionUID = 1;

    private final Spared why;
    private final String words;

    Barred(Spared why, String words) {
      super(words, null, false, false);
      this.why = why;
      this.words = words;
    }

    Barred(Spared why) {
      this(why, why.words());
    }
  }

  /**
   * @param above the repositories that the root is in
   * @param isOver asked before each file
   */
  Walk(Path path, Plan plan, List<Repository> above, BooleanSupplier isOver) {
    this.path = path;
    this.plan = plan;
    this.above = above;
    this.isOver = isOver;
  }

  void each(Directory root, Visitor visitor) throws CutOff, IOException {
    var mount = root.status();
    var pass = new Pass(root, mount, visitor);
    var starts = new ArrayList<Plan.Selection>();
    for (var selection : plan.selections()) {
      if (pass.follow(selection.parts(), false) && starts.stream().noneMatch(selection::isBelow)) {
        starts.removeIf(start -> start.isBelow(selection));
        starts.add(selection);
      }
    }
    for (var start : starts) {
      pass.follow(start.parts(), true);
    }
  }

  private final class Pass {
    private final Directory root;
    private final FileStatus mount;
    private final Visitor visitor;

    Pass(Directory root, FileStatus mount, Visitor visitor) {
      this.root = root;
      this.mount = mount;
      this.visitor = visitor;
    }

    /**
     * @param down all that is below it is walked
     * @return false when something is in the way
     */
    boolean follow(List<String> parts, boolean down) throws CutOff {
      var at = new byte[0];
      try (var first = level(null, root.again(), at)) {
        return follow(first, parts, down);
      } catch (Barred e) {
        visitor.remark(at, e.words);
        return false;
      } catch (IOException e) {
        fail(at, e);
        return false;
      }
    }

    private boolean follow(Level from, List<String> parts, boolean down) throws CutOff {
      if (parts.isEmpty()) {
        if (down) {
          descend(from);
        }
        return true;
      }
      var name = parts.getFirst().getBytes(UTF_8);
      try (var next = enter(from, name, from.directory().status(name))) {
        return follow(next, parts.subList(1, parts.size()), down);
      } catch (Barred e) {
        visitor.remark(from.path(name), e.words);
      } catch (IOException e) {
        fail(from.path(name), e);
      }
      return false;
    }

    private void fail(byte[] at, IOException failure) {
      if (failure instanceof SystemFailure f && f.number() == SystemFailure.ENOENT) {
        visitor.remark(at, "not there");
      } else {
        visitor.failed(at, failure);
      }
    }

    private void descend(Level level) throws CutOff {
      try (var names = level.directory().names()) {
        for (var name = names.next(); name.isPresent(); name = names.next()) {
          if (isOver.getAsBoolean()) {
            throw new CutOff();
          }
          look(level, name.get());
        }
      } catch (IOException e) {
        level.leave();
        visitor.failed(level.path(), e);
      }
    }

    private void look(Level level, byte[] name) throws CutOff {
      try {
        var status = level.directory().status(name);
        switch (status.kind()) {
          case Directory -> directory(level, name, status);
          case RegularFile -> file(level, name, status);
          case SymbolicLink -> spare(level, name, Spared.SymbolicLink);
          case Other -> {
            if (asking(level, name) != 0) {
              spare(level, name, Spared.NotAFile);
            }
            level.leave();
          }
        }
      } catch (IOException e) {
        level.leave();
        if (!(e instanceof SystemFailure f && f.number() == SystemFailure.ENOENT)) {
          visitor.failed(level.path(name), e);
        }
      }
    }

    private void file(Level level, byte[] name, FileStatus status) {
      var asking = asking(level, name);
      if (asking == 0) {
        level.leave();
      } else if (status.mount() != mount.mount()) {
        spare(level, name, Spared.OtherMount);
      } else if (!visitor.file(level, name, status, asking)) {
        level.leave();
      }
    }

    private void directory(Level level, byte[] name, FileStatus status) throws CutOff, IOException {
      if (Arrays.equals(name, Repository.GIT)) {
        level.leave();
        return;
      }
      boolean isLeft;
      long inside;
      try (var next = enter(level, name, status)) {
        descend(next);
        isLeft = next.isLeft();
        inside = next.inside();
      } catch (Barred e) {
        spare(level, name, e.why);
        if (e.why == Spared.Untold) {
          visitor.remark(level.path(name), e.words);
        }
        return;
      }
      if (isLeft || inside == 0 || !visitor.emptied(level, name, status, inside)) {
        level.leave();
      }
    }

    private void spare(Level level, byte[] name, Spared why) {
      level.leave();
      visitor.spared(level.path(name), why);
    }

    private Level enter(Level parent, byte[] name, FileStatus seen) throws IOException, Barred {
      if (seen.kind() != Kind.Directory) {
        throw seen.kind() == Kind.SymbolicLink
            ? new Barred(Spared.SymbolicLink)
            : new Barred(Spared.NotAFile, "not a directory");
      }
      if (seen.mount() != mount.mount() || seen.device() != mount.device()) {
        throw new Barred(Spared.OtherMount);
      }
      var at = parent.path(name);
      if (plan.keeps(text(name), text(at))) {
        throw new Barred(Spared.Kept);
      }
      if (parent.depth() == DEEPEST) {
        throw new Barred(Spared.TooDeep);
      }
      Directory opened;
      try {
        opened = parent.directory().open(name);
      } catch (SystemFailure e) {
        if (e.number() == SystemFailure.ELOOP || e.number() == SystemFailure.ENOTDIR) {
          throw new Barred(Spared.Changed);
        }
        throw e;
      }
      if (!isSame(opened, seen)) {
        opened.close();
        throw new Barred(Spared.Changed);
      }
      return level(parent, opened, at);
    }

    /** Which closes what was opened when it is closed, or fails. */
    private Level level(@Nullable Level parent, Directory opened, byte[] at)
        throws IOException, Barred {
      var repositories = parent == null ? above : parent.repositories();
      try {
        var found = Repository.in(opened, path, at);
        if (found.isPresent()) {
          repositories = new ArrayList<>(repositories);
          repositories.add(found.get());
        }
      } catch (SystemFailure e) {
        opened.close();
        throw e;
      } catch (IOException e) {
        opened.close();
        throw new Barred(Spared.Untold, "it cannot be told what git tracks: " + e.getMessage());
      }
      var asked = parent == null ? 0 : parent.asked();
      var inside = parent == null ? 0 : parent.inside();
      var name = parent == null ? "" : text(Arrays.copyOfRange(at, nameAt(at), at.length));
      for (var i = 0; i < plan.selections().size(); i++) {
        var selection = plan.selections().get(i);
        if ((asked & 1L << i) != 0 && name.equals(selection.regenerable())) {
          inside |= 1L << i;
        }
        if (Arrays.equals(at, selection.raw())) {
          asked |= 1L << i;
        }
      }
      return new Level(
          opened, at, parent == null ? 0 : parent.depth() + 1, asked, inside, repositories);
    }

    private long asking(Level level, byte[] name) {
      var asking = level.inside();
      var text = text(name);
      for (var i = 0; i < plan.selections().size(); i++) {
        if ((level.asked() & 1L << i) != 0 && plan.selections().get(i).matches(text)) {
          asking |= 1L << i;
        }
      }
      return asking;
    }
  }

  private static boolean isSame(Directory opened, FileStatus seen) {
    try {
      return opened.status().isSameAs(seen);
    } catch (IOException _) {
      return false;
    }
  }

  static String text(byte[] name) {
    return new String(name, UTF_8);
  }

  private static int nameAt(byte[] path) {
    for (var i = path.length; i > 0; i--) {
      if (path[i - 1] == '/') {
        return i;
      }
    }
    return 0;
  }
}
