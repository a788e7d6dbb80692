package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.secret.Secrets;

/**
 * What the checks of one monitor reach the world by.
 *
 * @param redis one for the process, closed by whoever made it
 */
public record Surroundings(
    Dialer dialer, Secrets secrets, Endpoints endpoints, RedisClients redis) {}
