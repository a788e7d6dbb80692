package io.nexus.heartbeat.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What a service needs, how well it must be, what may be repaired and who is told. */
@Group(HeartbeatMonitor.GROUP)
@Version("v1alpha1")
@Plural("heartbeatmonitors")
@ShortNames("hbm")
public class HeartbeatMonitor extends CustomResource<MonitorSpec, MonitorStatus>
    implements Namespaced {
  public static final String GROUP = "heartbeat.nexus.io";
}
