/** Kubelets, asked for what they measure; {@link KubeletStats} is the door. */
@NullMarked
package io.nexus.heartbeat.operator.kubelet;

import org.jspecify.annotations.NullMarked;
