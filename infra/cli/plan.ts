/** `npm run plan`: how often each query scans a table, and in about how many stages Athena runs it; fails for one that is too long. */
import { readdirSync, readFileSync } from 'node:fs';
import { most, queryPlan } from '../build/query-plan.ts';

console.log(`query                        scans  stages   by the rule in infra/build/query-plan.ts`);
for (const file of readdirSync('sql').filter((name) => name.endsWith('.sql'))) {
  const { scans, stages } = queryPlan(readFileSync(`sql/${file}`, 'utf8'));
  const isTooLong = scans > most.scans || stages > most.stages;
  const limits = isTooLong ? `   FAILED: ${most.scans} scans and ${most.stages} stages at most` : '';
  console.log(`sql/${file.padEnd(24)} ${String(scans).padStart(5)}  ${String(stages).padStart(6)}${limits}`);
  if (isTooLong) process.exitCode = 1;
}
