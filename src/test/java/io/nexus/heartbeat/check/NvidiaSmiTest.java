package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.posix.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script stands in for the program; it answers as 535.104.05 does. */
class NvidiaSmiTest {
  @TempDir private Path directory;

  @Test
  void eachGpuIsToldAsTheProgramTellsIt() throws Exception {
    var smi =
        standIn(
            "echo \"$@\" > $0.args; echo '0, 97, 4845, 40960, 61'; echo '1, [N/A], 0, 40960, [N/A]'");

    assertThat(ask(smi))
        .containsExactly(
            new GpuState("0", 97.0, 100 * 4845 / 40960.0, 61.0, null),
            new GpuState("1", null, 0.0, null, null));
    assertThat(Files.readString(directory.resolve("nvidia-smi.args")))
        .isEqualTo(
            "--query-gpu=index,utilization.gpu,memory.used,memory.total,temperature.gpu"
                + " --format=csv,noheader,nounits\n");
    assertThat(GpuState.measured(ask(smi), "untold").absent()).containsKey("xidErrors");
  }

  @Test
  void whereItIsNotInstalledNothingIsKnown() {
    assertTold(new NvidiaSmi(directory.toString()), "not installed");
  }

  @Test
  void whatItComplainsOfIsRepeated() throws Exception {
    assertTold(
        standIn(
            "echo \"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\"; exit 9"),
        "nvidia-smi: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.");
    assertTold(standIn("exit 6"), "nvidia-smi failed with exit code 6");
    assertTold(
        standIn("echo 'No devices were found'; exit 6"), "nvidia-smi: No devices were found");
    assertTold(standIn("echo 'GPU 0: something else'"), "answers in another form");
    assertTold(standIn("true"), "nvidia-smi tells of no GPU");
  }

  @Test
  void oneThatHangsIsEndedWithItsChildrenInTime() throws Exception {
    var smi = standIn("sleep 300 & echo $! $$ > $0.pids; wait");
    var begun = System.nanoTime();

    assertThatThrownBy(() -> ask(smi, Duration.ofMillis(1500)))
        .hasMessage("nvidia-smi timed out after 1.5 s");

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    var pids = Files.readString(directory.resolve("nvidia-smi.pids")).strip().split(" ", -1);
    for (var pid : pids) {
      await()
          .untilAsserted(
              () ->
                  assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                      .isEmpty());
    }
  }

  @Test
  void oneThatNeverStopsTalkingIsEnded() throws Exception {
    assertThatThrownBy(() -> ask(standIn("exec yes")))
        .hasMessage("nvidia-smi says more than 64 KiB");
  }

  @Test
  void ourSecretsAreNotItsBusiness() throws Exception {
    var smi =
        standIn(
            "env | grep -c -v -e ^PATH= -e ^LD_LIBRARY_PATH= -e ^HOME= -e ^TZ= -e ^LC_ALL=C -e ^PWD= -e ^SHLVL= -e ^_= > $0.others; echo 0, 1, 1, 1, 1");
    ask(smi);
    assertThat(Files.readString(directory.resolve("nvidia-smi.others")).strip()).isEqualTo("0");
  }

  private NvidiaSmi standIn(String script) throws IOException {
    var program = directory.resolve("nvidia-smi");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new NvidiaSmi("/nowhere:relative::" + directory + ":/usr/bin:/bin");
  }

  private static void assertTold(NvidiaSmi smi, String words) {
    assertThatThrownBy(() -> ask(smi))
        .isInstanceOf(Programs.Untold.class)
        .hasMessageContaining(words);
  }

  private static List<GpuState> ask(NvidiaSmi smi) throws Exception {
    return ask(smi, Duration.ofSeconds(20));
  }

  private static List<GpuState> ask(NvidiaSmi smi, Duration timeout) throws Exception {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return smi.ask(deadline);
    }
  }
}
