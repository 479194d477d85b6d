/** `npm run bench [-- --json]`: how fast the consumer's rules are beside their limit, and what a reading asks of AWS. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import { pricePerMonth } from '../bench/list-prices.ts';
import { countReadingCosts, type ReadingCosts } from '../bench/reading-costs.ts';
import { type RulePath, timeRulePath } from '../bench/rule-path.ts';
import { runCommand } from './run-command.ts';

const usage = 'Usage: npm run bench [-- --json]';
const sample = fileURLToPath(new URL('../../test/data/physionet2012_sample60.csv', import.meta.url));
const hospital = new URL('../hospital/hospital.json', import.meta.url);

function told(
  { microsecondsPerRecord: us, ...path }: RulePath,
  { normal, critical }: ReadingCosts,
  price: Record<string, number>,
): string {
  const of = (name: string, microseconds: number, beside: string) =>
    `${name.padEnd(34)}${microseconds.toFixed(2).padStart(8)} us${beside}`;
  const counted = (Object.keys(normal) as (keyof typeof normal)[]).map(
    (name) => `${name.padEnd(34)}${String(normal[name]).padStart(8)}${String(critical[name]).padStart(10)}`,
  );
  const dollars = Object.entries(price).map(
    ([name, value]) => `${name.padEnd(34)}${value.toFixed(2).padStart(8)}`,
  );
  return [
    `The consumer's rules, a record of ${path.records} (medians of ${path.rounds} interleaved rounds)`,
    of('base64, JSON.parse, one SHA-256', us.limit, ''),
    of('Powertools batch with a schema', us.powertools, ''),
    of('Vigil', us.vigil, `   ${path.ratioToLimit} of the limit, ${path.ratioToPowertools} of Powertools`),
    '',
    `${'One reading asks'.padEnd(34)}${'normal'.padStart(8)}${'critical'.padStart(10)}`,
    ...counted,
    '',
    '1,000 beds a minute, US dollars a month',
    ...dollars,
  ].join('\n');
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const progress = (done: number, of: number) =>
    void (process.stderr.isTTY && process.stderr.write(`\rround ${done} of ${of}${done === of ? '\n' : ''}`));
  const path = await timeRulePath(sample, progress);
  const costs = await countReadingCosts(parseHospital(readFileSync(hospital, 'utf8'), 'hospital.json'));
  const thousandBedsAMinute = pricePerMonth(costs.normal, { readingsAMinute: 1000 });
  console.log(
    values.json
      ? JSON.stringify({ ...path, ...costs, thousandBedsAMinute })
      : told(path, costs, thousandBedsAMinute),
  );
  return 0;
}, usage);
