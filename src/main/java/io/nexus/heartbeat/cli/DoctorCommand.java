package io.nexus.heartbeat.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.standalone.Diagnosis;
import io.nexus.heartbeat.standalone.Doctor;
import io.nexus.heartbeat.standalone.OneCheck;
import io.nexus.heartbeat.standalone.repair.RepairCheckup;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tries everything that 'run' would need on this host: each Secret, each target, each receiver,"
          + " where state is kept and where it listens. It says what to do about what fails.",
      "It changes nothing and sends no message; Telegram is asked whose token it is and for the chat.",
      "Exit code 0: all is well; 1: something is not; 64: usage; 78: the file is wrong."
    })
final class DoctorCommand implements Callable<Integer> {
  private enum Format {
    text,
    json
  }

  @Mixin private final HostOptions host = new HostOptions();
  @Mixin private final LogOptions logs = new LogOptions();
  @Mixin private final RunPlaces places = new RunPlaces();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Format format = Format.text;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var address = places.address();
    var line = Objects.requireNonNull(spec).commandLine();
    var mask = new Mask();
    logs.applyWhereAsked(line.getParseResult(), mask);
    if (host.hasPrinted(line)) {
      return 0;
    }
    var chosen = host.choose(line.getErr(), mask);
    var monitors = chosen.source().read().orFail(line.getErr());
    try (var deadlines = new Deadlines();
        var machinery = new Machinery(Main.version(), mask)) {
      var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
      var secrets = new MaskingSecrets(chosen.secrets(), mask);
      var surroundings = new Surroundings(dialer, secrets, Endpoints.NONE, machinery.clients());
      var clock = InstantSource.system();
      var doctor =
          new Doctor(
              new Doctor.Practice(
                  new OneCheck(surroundings, deadlines, clock, mask::apply),
                  secrets,
                  chosen.secrets(),
                  (namespace, receiver) -> machinery.channel(namespace, receiver, secrets, dialer),
                  deadlines,
                  clock,
                  mask::apply,
                  new RepairCheckup(
                      deadlines,
                      mask::apply,
                      System.getenv().getOrDefault("PATH", ""),
                      "root".equals(System.getProperty("user.name")))));
      var found = doctor.examine(monitors, places.directory(), address, RunPlaces.LISTEN);
      print(found, line.getOut());
      return found.stream().allMatch(Diagnosis::isWell) ? 0 : 1;
    }
  }

  private void print(List<Diagnosis> found, PrintWriter out) {
    if (format == Format.json) {
      out.println(json(found));
      return;
    }
    var signs =
        Terminal.isStandardOutput() && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    var well = signs ? "✓" : "ok  ";
    var ill = signs ? "✗" : "FAIL";
    for (var one : found) {
      out.println((one.isWell() ? well : ill) + " " + one.subject() + ": " + one.words());
      if (!one.isWell()) {
        out.println(" ".repeat(ill.length() + 1) + "→ " + one.fix());
      }
    }
  }

  private static String json(List<Diagnosis> found) {
    var report = new LinkedHashMap<String, Object>();
    report.put("well", found.stream().allMatch(Diagnosis::isWell));
    report.put("findings", found.stream().map(DoctorCommand::entry).toList());
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of words can be written", e);
    }
  }

  private static Map<String, Object> entry(Diagnosis one) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("subject", one.subject());
    entry.put("well", one.isWell());
    entry.put("message", one.words());
    if (!one.isWell()) {
      entry.put("fix", one.fix());
    }
    return entry;
  }
}
