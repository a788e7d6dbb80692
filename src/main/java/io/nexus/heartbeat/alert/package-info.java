@NullMarked
package io.nexus.heartbeat.alert;

import org.jspecify.annotations.NullMarked;
