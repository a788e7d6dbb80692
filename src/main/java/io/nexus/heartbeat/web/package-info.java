/** What others may ask of this process over HTTP: is it well, is it ready, what did it count. */
@NullMarked
package io.nexus.heartbeat.web;

import org.jspecify.annotations.NullMarked;
