package dev.leasehold.testkit.snp;

import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** How a certificate or a revocation list is signed; AMD's way is the first. */
enum Signing {
  PSS_SHA384,
  PSS_SHA256,
  PKCS1_SHA384;

  JcaContentSignerBuilder builder() {
    return switch (this) {
      case PSS_SHA384 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
      case PSS_SHA256 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
      case PKCS1_SHA384 -> new JcaContentSignerBuilder("SHA384withRSA");
    };
  }

  private static JcaContentSignerBuilder pss(String digest, MGF1ParameterSpec mgf, int salt) {
    AlgorithmParameterSpec spec = new PSSParameterSpec(digest, "MGF1", mgf, salt, 1);
    // The JDK knows this signature under another name than the builder asks for.
    return new JcaContentSignerBuilder("RSASSA-PSS", spec).setProvider(new BouncyCastleProvider());
  }
}
