package io.nexus.heartbeat.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What a service needs, how well it must be, what may be repaired and who is told. */
@Group(HeartbeatMonitor.GROUP)
@Version(HeartbeatMonitor.VERSION)
@Plural("heartbeatmonitors")
@ShortNames("hbm")
@Categories("all")
@AdditionalPrinterColumn(name = "Level", jsonPath = ".status.level", type = Type.STRING)
@AdditionalPrinterColumn(name = "Healthy", jsonPath = ".status.summary.healthy", type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Recovery",
    jsonPath = ".status.summary.recovery",
    type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Last Change",
    jsonPath = ".status.lastChangeTime",
    type = Type.DATE)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class HeartbeatMonitor extends CustomResource<MonitorSpec, MonitorStatus>
    implements Namespaced {
  public static final String GROUP = "heartbeat.nexus.io";
  public static final String VERSION = "v1alpha1";
}
