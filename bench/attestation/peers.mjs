// Verifies one TDX quote with the npm packages of dcap-qvl.
//   node peers.mjs QUOTE COLLATERAL UNIX_SECONDS            reads "PACKAGE COUNT" lines, answers each with one line of JSON
//   node peers.mjs QUOTE COLLATERAL UNIX_SECONDS PACKAGE    verifies once and prints the status
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [quoteFile, collateralFile, seconds, once] = process.argv.slice(2);
const quote = readFileSync(quoteFile);
const collateral = JSON.parse(readFileSync(collateralFile, 'utf8'));

// Each package takes the binary members in the form that it need not convert.
const binary = ['tcb_info_signature', 'qe_identity_signature', 'pck_crl', 'root_ca_crl'];
const decoded = { ...collateral };
for (const member of binary) decoded[member] = Buffer.from(collateral[member], 'hex');

const load = {
  async javascript() {
    const { verify } = createRequire(import.meta.url)('@phala/dcap-qvl');
    return () => verify(quote, decoded, Number(seconds));
  },
  async wasm() {
    const web = await import('@phala/dcap-qvl-web');
    const module = new URL('dcap-qvl-web_bg.wasm', import.meta.resolve('@phala/dcap-qvl-web'));
    web.initSync({ module: readFileSync(module) });
    return () => web.js_verify(quote, collateral, BigInt(seconds));
  },
};

if (once) {
  console.log((await load[once]())().status);
} else {
  const verifiers = { javascript: await load.javascript(), wasm: await load.wasm() };
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, count] = line.split(' ');
    const wall = [];
    const cpu = [];
    let report;
    for (let i = 0; i < Number(count); i++) {
      const used = process.cpuUsage();
      const start = process.hrtime.bigint();
      report = verifiers[name]();
      wall.push(Number(process.hrtime.bigint() - start));
      const { user, system } = process.cpuUsage(used);
      cpu.push(1000 * (user + system));
    }
    console.log(JSON.stringify({ status: report.status, advisories: report.advisory_ids, wall, cpu }));
  }
}
