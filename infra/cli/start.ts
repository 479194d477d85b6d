/**
 * `npm start [-- --port N] [--people]`: the whole system on this machine, for a person to answer; with --people,
 * simulated clinicians answer.
 * `npm start -- --once [--down SERVICE]`: a fixed night without a person, with a service down if asked.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { InputError } from '../input-error.ts';
import type { Vigil } from '../local/account/vigil.ts';
import { live } from '../local/demo/live/live.ts';
import { Terminal } from '../local/demo/live/terminal.ts';
import { night, playStory, type Story } from '../local/demo/once.ts';
import { onInterruption } from './interruption.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage: npm start -- [--port N] [--people]
       npm start -- --once [--down SERVICE]`;
const hospitalFile = fileURLToPath(new URL('../hospital/hospital.json', import.meta.url));
const bad = (problem: string) => new InputError(`${problem}\n${usage}`);

function argumentsOf() {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      down: { type: 'string', multiple: true, default: [] },
      port: { type: 'string' },
      people: { type: 'boolean', default: false },
    },
  });
  const { once, down, port = '8080', people } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw bad('--port: not a port number');
  if (once && people)
    throw bad('--people: does not go with --once, whose night has its own simulated clinicians');
  if (once && values.port !== undefined) throw bad('--port: does not go with --once, which serves no pages');
  if (!once && down.length > 0) throw bad('--down: only with --once');
  return { once, down, port: Number(port), people };
}

function takeDown(vigil: Vigil, services: readonly string[]): void {
  const names = [...vigil.services.values()]
    .filter(({ operations }) => Object.keys(operations).length > 0)
    .map(({ id }) => id);
  for (const service of services) {
    if (!names.includes(service))
      throw bad(`--down: no service is called "${service}"; choose one of ${names.join(', ')}`);
    vigil.faults.outage(service);
  }
}

function print({ scenes, happened }: Story, { name, zone }: Hospital): void {
  const date = DateTime.fromISO(night, { zone, locale: 'en-GB' }).toFormat('cccc d LLLL yyyy');
  console.log(`The night of ${date} at ${name}, with simulated people.`);
  for (const scene of scenes) {
    console.log(`\n${scene.title}`);
    const terminal = new Terminal(zone, (line) => console.log(`  ${line}`));
    for (const line of scene.lines) terminal.tell(line);
    terminal.end();
    for (const what of scene.missing) console.log(`  DID NOT HAPPEN: ${what}`);
  }
  console.log(happened ? '\nThe story happened as told.' : '\nThe story did not happen.');
}

await runCommand(async () => {
  const { once, down, port, people } = argumentsOf();
  const hospital = parseHospital(readFileSync(hospitalFile, 'utf8'), hospitalFile);
  if (!once) {
    await live(hospital, { port, people, onInterruption });
    return 0;
  }
  const story = await playStory(hospital, { before: (vigil) => takeDown(vigil, down) });
  print(story, hospital);
  return story.happened ? 0 : 1;
}, usage);
