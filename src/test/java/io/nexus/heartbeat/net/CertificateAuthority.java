package io.nexus.heartbeat.net;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs what no real authority would: expired certificates, or of any name. */
public final class CertificateAuthority {
  private final KeyPair keys;
  private final X509Certificate certificate;

  private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  public static CertificateAuthority named(String name) {
    return named(name, Instant.now().plus(Duration.ofDays(3650)));
  }

  static CertificateAuthority named(String name, Instant until) {
    var keys = newKeys();
    return new CertificateAuthority(
        keys, certificate(name, List.of(), true, keys, name, keys.getPrivate(), longAgo(), until));
  }

  /** One below this one. */
  public CertificateAuthority authority(String name, Instant until) {
    var theirs = newKeys();
    return new CertificateAuthority(
        theirs,
        certificate(name, List.of(), true, theirs, name(), keys.getPrivate(), longAgo(), until));
  }

  private String name() {
    return certificate.getSubjectX500Principal().getName().substring("CN=".length());
  }

  static Identity selfSigned(String name) {
    return selfSigned(name, Instant.now().plus(Duration.ofDays(365)));
  }

  static Identity selfSigned(String name, Instant until) {
    var keys = newKeys();
    var own =
        certificate(name, List.of(name), true, keys, name, keys.getPrivate(), longAgo(), until);
    return new Identity(keys.getPrivate(), List.of(own));
  }

  /** Valid for a year, or nearly. */
  public Identity issue(String... names) {
    return issue(longAgo(), Instant.now().plus(Duration.ofDays(365)), names);
  }

  public Identity issue(Instant from, Instant until, String... names) {
    var theirs = newKeys();
    var leaf =
        certificate(
            names[0], List.of(names), false, theirs, name(), keys.getPrivate(), from, until);
    return new Identity(theirs.getPrivate(), List.of(leaf, certificate));
  }

  public String pem() {
    return new String(Identity.pem(certificate), StandardCharsets.US_ASCII);
  }

  private static Instant longAgo() {
    return Instant.now().minus(Duration.ofDays(1000));
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(
      String subject,
      List<String> names,
      boolean authority,
      KeyPair keys,
      String issuer,
      PrivateKey signing,
      Instant from,
      Instant until) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=" + issuer),
              new BigInteger(64, new SecureRandom()),
              Date.from(from),
              Date.from(until),
              new X500Name("CN=" + subject),
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!names.isEmpty()) {
        var alternatives =
            names.stream().map(CertificateAuthority::general).toArray(GeneralName[]::new);
        builder.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing)));
    } catch (java.security.GeneralSecurityException
        | org.bouncycastle.operator.OperatorException
        | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GeneralName general(String name) {
    return new GeneralName(
        Literals.parse(name) == null ? GeneralName.dNSName : GeneralName.iPAddress, name);
  }
}
