/** Plain JavaScript on purpose: it must run on the Node that the newcomer has, to say that another one is needed. */
import { existsSync } from 'node:fs';

const needed = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < needed) {
  const installed = existsSync(new URL('../../node_modules/luxon', import.meta.url));
  console.error(
    installed
      ? `Vigil runs on Node ${needed}, which npm ci did not install for ${process.platform}-${process.arch}; this is Node ${process.versions.node}. Install Node ${needed} and run this again.`
      : 'Vigil is not installed yet. Run: npm ci',
  );
  process.exit(1);
}
