package io.nexus.heartbeat;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Stream;

/** The arrows of docs/architecture.md. */
@AnalyzeClasses(packages = "io.nexus.heartbeat", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.nexus.heartbeat";

  @ArchTest static final ArchRule api = only("api");
  @ArchTest static final ArchRule reading = only("reading");
  @ArchTest static final ArchRule secret = only("secret", "api");
  @ArchTest static final ArchRule net = only("net");
  @ArchTest static final ArchRule posix = only("posix", "net");
  @ArchTest static final ArchRule cleanup = only("cleanup", "api", "posix");
  @ArchTest static final ArchRule check = only("check", "api", "reading", "secret", "net", "posix");
  @ArchTest static final ArchRule decide = only("decide", "api", "reading");
  @ArchTest static final ArchRule act = only("act", "api", "decide", "secret", "net", "cleanup");
  @ArchTest static final ArchRule alert = only("alert", "api", "decide", "secret", "net");

  @ArchTest
  static final ArchRule engine =
      only("engine", "api", "reading", "secret", "net", "check", "decide", "act", "alert");

  @ArchTest
  static final ArchRule operator =
      only(
          "operator",
          "api",
          "reading",
          "secret",
          "net",
          "check",
          "decide",
          "act",
          "alert",
          "engine");

  @ArchTest
  static final ArchRule standalone =
      only(
          "standalone",
          "cleanup",
          "api",
          "reading",
          "secret",
          "net",
          "check",
          "decide",
          "act",
          "alert",
          "engine",
          "posix");

  @ArchTest
  static final ArchRule web = only("web", "api", "reading", "net", "decide", "alert", "engine");

  @ArchTest
  static final ArchRule nobodyDependsOnTheCommands =
      noClasses()
          .that(not(resideInAnyPackage(ROOT + ".cli..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".cli..");

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheDoorOpensSockets =
      noClasses()
          .that(not(resideInAnyPackage(ROOT + ".net..", ROOT + ".demo..")))
          .should()
          .callConstructor(Socket.class)
          .orShould()
          .callConstructor(Socket.class, String.class, int.class)
          .orShould()
          .callConstructor(Socket.class, InetAddress.class, int.class)
          .orShould()
          .callMethod(InetAddress.class, "getByName", String.class)
          .orShould()
          .callMethod(InetAddress.class, "getAllByName", String.class)
          .orShould()
          .callMethod(URL.class, "openConnection")
          .orShould()
          .callMethod(SocketChannel.class, "open")
          .orShould()
          .accessClassesThat()
          .areAssignableTo(java.net.http.HttpClient.class)
          .orShould()
          .accessClassesThat()
          .areAssignableTo(HttpURLConnection.class)
          .orShould()
          .accessClassesThat()
          .areAssignableTo(DatagramSocket.class)
          .orShould()
          .accessClassesThat()
          .areAssignableTo(ServerSocket.class);

  @ArchTest
  static final ArchRule decisionsArePure =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".decide..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(InstantSource.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.slf4j..", "io.fabric8.kubernetes.client..", "java.io..", "java.util.random..");

  @ArchTest
  static final ArchRule oneWayToLog =
      noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

  private static ArchRule only(String room, String... mayUse) {
    var allowed =
        Stream.concat(Stream.of(room), Arrays.stream(mayUse))
            .map(name -> ROOT + "." + name + "..")
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(ROOT + "." + room + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed).or(not(resideInAnyPackage(ROOT + ".."))));
  }
}
