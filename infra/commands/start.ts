/**
 * `npm start [-- --port N] [--people]`: the whole system on this machine, for a person to answer; with --people,
 * simulated clinicians answer.
 * `npm start -- --once [--down SERVICE]`: a fixed night without a person, with a service down if asked.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseHospital } from '../../handlers/on-call/roster.ts';
import { InputError, runCommand } from '../input-error.ts';
import { live } from '../local/live/live.ts';
import { playStory, type Story } from '../local/story.ts';

const hospitalFile = fileURLToPath(new URL('../hospital/hospital.json', import.meta.url));

function print(story: Story): void {
  for (const scene of story.scenes) {
    console.log(`\n${scene.title}`);
    for (const line of scene.lines)
      console.log(`  ${new Date(line.at).toISOString().slice(11, 19)}  ${line.from.padEnd(9)}  ${line.text}`);
    for (const what of scene.missing) console.log(`  DID NOT HAPPEN: ${what}`);
  }
  console.log(story.happened ? '\nThe story happened as told.' : '\nThe story did not happen.');
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      down: { type: 'string', multiple: true, default: [] },
      port: { type: 'string', default: '8080' },
      people: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InputError('--port: not a port number');
  const hospital = parseHospital(readFileSync(hospitalFile, 'utf8'), hospitalFile);
  if (!values.once) {
    await live(hospital, port, values.people);
    return 0;
  }
  const story = await playStory(hospital, {
    before: (vigil) => {
      for (const service of values.down) vigil.faults.outage(service);
    },
  });
  print(story);
  return story.happened ? 0 : 1;
});
