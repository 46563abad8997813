package dev.leasehold.cli.offender;

import org.bouncycastle.asn1.ASN1Integer;

/** A verb other than the demo that uses what only the testkit may. */
record TestkitUser(ASN1Integer forged) {}
