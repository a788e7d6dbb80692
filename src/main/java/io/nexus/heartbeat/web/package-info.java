@NullMarked
package io.nexus.heartbeat.web;

import org.jspecify.annotations.NullMarked;
