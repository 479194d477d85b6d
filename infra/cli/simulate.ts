/** `npm run simulate -- [--seeds N] [--from S] [--json]`: a hospital's week under faults, seed by seed; what must always hold is looked at throughout. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError } from '../input-error.ts';
import { unfinished, WeeksSummary, withWeek } from '../local/simulate/summary.ts';
import { simulateWeek } from '../local/simulate/week.ts';
import { runCommand } from './run-command.ts';
import { commandOfSeed, eachSeed, lanesFor, seedsFrom } from './seeds.ts';

const usage = 'Usage: npm run simulate -- [--seeds N] [--from S] [--json]';
const thisCommand = fileURLToPath(import.meta.url);

function argumentsOf(args: string[]): { seeds: number[]; json: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '1' },
      from: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  if (!/^[1-9]\d{0,3}$/.test(values.seeds) || !/^\d{1,6}$/.test(values.from)) throw new InputError(usage);
  return { seeds: seedsFrom(Number(values.from), Number(values.seeds)), json: values.json };
}

/** One seed by itself is simulated here, several each in a process of its own. */
async function weekOf(seed: number, isAlone: boolean): Promise<WeeksSummary> {
  if (isAlone) return (await simulateWeek({ seed })).summary;
  const args = [thisCommand, '--from', String(seed), '--json'];
  const done = await commandOfSeed(args, (printed) => WeeksSummary.parse(printed));
  return 'failed' in done ? unfinished(seed, done.failed) : done.printed;
}

function line(seed: number, week: WeeksSummary): string {
  const figure = (count: number, what: string) => `${String(count).padStart(5)} ${what}`;
  return [
    week.failedSeeds === 0 ? 'held  ' : 'BROKEN',
    `seed ${String(seed).padStart(3)}`,
    figure(week.events, 'events'),
    figure(week.alerts, 'alerts'),
    figure(week.technicalAlerts, 'technical'),
    figure(week.drills, 'drills'),
    figure(week.checkIns, 'check-ins'),
    `lost ${week.lost}   raised twice ${week.duplicated}   silent ends ${week.silentEnds}   others ${week.otherBreaches}`,
  ].join('   ');
}

/** What happened, and how to have it happen again. */
function story({ seed, story: told }: WeeksSummary['failures'][number]): string {
  return [...told.map((one) => `    ${one}`), `    again: npm run simulate -- --from ${seed}`, ''].join('\n');
}

function table({ failures: _told, ...figures }: WeeksSummary): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return Object.entries(figures)
    .map(([name, figure]) => `${name.padEnd(width)}  ${figure}`)
    .join('\n');
}

await runCommand(async () => {
  const { seeds, json } = argumentsOf(process.argv.slice(2));
  const isAlone = seeds.length === 1;
  if (!isAlone) console.error(`${seeds.length} weeks of 8 wards and 240 beds, ${lanesFor(seeds)} at a time`);
  let all: WeeksSummary | undefined;
  await eachSeed(seeds, async (seed) => {
    const week = await weekOf(seed, isAlone);
    console.error(line(seed, week));
    for (const failure of week.failures) console.error(story(failure));
    all = all ? withWeek(all, week) : week;
  });
  if (!all) return 2;
  console.log(json ? JSON.stringify(all) : table(all));
  return all.failedSeeds === 0 ? 0 : 1;
}, usage);
