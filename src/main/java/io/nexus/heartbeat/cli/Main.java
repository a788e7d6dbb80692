package io.nexus.heartbeat.cli;

public final class Main {
  public static void main(String[] args) {
    switch ((Object) args) {
      case String[] a when a.length > 0 -> System.out.println(a[0]);
      default -> System.out.println("heartbeat");
    }
  }
}
