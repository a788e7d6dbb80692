package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program. */
@Command(
    name = "heartbeat",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "Watches what a service needs, repairs what can be repaired safely, and tells people once,"
            + " in time, with the cause.",
    subcommands = {
      OperatorCommand.class,
      InitCommand.class,
      DoctorCommand.class,
      RunCommand.class,
      CheckCommand.class,
      ValidateCommand.class,
      StatusCommand.class,
      OrderCommands.Approve.class,
      OrderCommands.Pause.class,
      OrderCommands.Resume.class,
      OrderCommands.Reset.class,
      OrderCommands.Ack.class,
      OrderCommands.RunNow.class,
      CrdCommand.class,
      CleanupCommand.class,
      DemoCommand.class,
      CommandLine.HelpCommand.class,
      CompletionCommand.class,
      ManPageCommand.class
    })
public final class Main {

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    Logging.quiet();
    var err = new OutputStreamWriter(System.err, UTF_8);
    // Without a locale, as in most containers, Java would print '?' for what is not ASCII.
    return commandLine()
        .setOut(new PrintWriter(System.out, true, UTF_8))
        .setErr(
            new PrintWriter(
                Terminal.isJournal(System.getenv()) ? new JournalWriter(err) : err, true))
        .execute(args);
  }

  static CommandLine commandLine() {
    var line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(
        (e, _) -> {
          var err = e.getCommandLine().getErr();
          if (isBare(e.getCommandLine())) {
            e.getCommandLine().usage(err);
            return ExitCode.USAGE;
          }
          err.println("heartbeat: " + e.getMessage());
          var _ = CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
          err.println("See 'heartbeat " + path(e.getCommandLine()) + "--help'.");
          return ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler((e, command, _) -> failed(e, command.getErr()));
    return line;
  }

  /** Nothing was said at all; so whoever did wants to know what there is to say. */
  private static boolean isBare(CommandLine line) {
    var parsed = line.getParseResult();
    return line.getParent() == null && parsed != null && parsed.originalArgs().isEmpty();
  }

  private static String path(CommandLine line) {
    return line.getParent() == null ? "" : line.getCommandName() + " ";
  }

  private static int failed(Exception e, PrintWriter err) throws Exception {
    if (e instanceof Failure failure) {
      err.println("heartbeat: " + failure.getMessage());
      return failure.exitCode();
    }
    if (e instanceof InterruptedException) {
      return 130; // as a shell says of what Ctrl-C ended
    }
    err.println("heartbeat: this is a bug of Heartbeat's; please report it with what follows");
    e.printStackTrace(err);
    return ExitCode.SOFTWARE;
  }

  /** From the jar's manifest. */
  static String version() {
    return requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "unreleased");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "heartbeat " + version(),
        "Java " + Runtime.version() + " on " + System.getProperty("os.name")
      };
    }
  }
}
