/**
 * `npm start [-- --port N]`: the whole system on this machine, for a person to answer.
 * `npm start -- --once [--down SERVICE]`: a fixed night without a person, with a service down if asked.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as realSleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Hospital, parseHospital } from '../../handlers/on-call/roster.ts';
import { InputError, runCommand } from '../input-error.ts';
import { serveConsole } from '../local/console/server.ts';
import { wallClock } from '../local/determinism.ts';
import { playStory, type Story, sendReading } from '../local/story.ts';
import { startVigil } from '../local/vigil.ts';

const hospitalFile = fileURLToPath(new URL('../hospital/hospital.json', import.meta.url));
const firstCriticalReadingAfterMs = 15_000;

function print(story: Story): void {
  for (const scene of story.scenes) {
    console.log(`\n${scene.title}`);
    for (const line of scene.lines)
      console.log(`  ${new Date(line.at).toISOString().slice(11, 19)}  ${line.from.padEnd(9)}  ${line.text}`);
    for (const what of scene.missing) console.log(`  DID NOT HAPPEN: ${what}`);
  }
  console.log(story.happened ? '\nThe story happened as told.' : '\nThe story did not happen.');
}

/** Runs at the pace of the wall clock until Ctrl-C. */
async function live(hospital: Hospital, port: number): Promise<void> {
  const vigil = await startVigil({
    stage: 'demo',
    hospital,
    seed: wallClock() % 1_000_000,
    startAt: new Date(wallClock()).toISOString(),
    apiEndpoint: `http://127.0.0.1:${port}`,
  });
  const patients = hospital.devices.filter((device) => device.patientId && !device.standby);
  let sent = 0;
  const sendCritical = async () => {
    const device = patients[sent++ % patients.length];
    if (device) await sendReading(vigil, device, 190, 118);
  };
  const server = await serveConsole(vigil, port, async () => {
    pending.push(sendCritical);
  });
  const pending: (() => Promise<void>)[] = [];
  const { port: listening } = server.address() as AddressInfo;
  console.log(
    `Mailbox     http://127.0.0.1:${listening}/\nExecutions  http://127.0.0.1:${listening}/executions`,
  );
  console.log('The first critical reading comes in 15 seconds. Ctrl-C stops.');

  let stopping = false;
  process.once('SIGINT', () => {
    stopping = true;
  });
  const virtualStart = vigil.clock.now();
  const wallStart = wallClock();
  vigil.clock.after(firstCriticalReadingAfterMs, () => void pending.push(sendCritical));
  while (!stopping) {
    await vigil.clock.run(virtualStart + wallClock() - wallStart);
    await pending.shift()?.();
    await realSleep(50);
  }
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  vigil.stop();
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      down: { type: 'string', multiple: true, default: [] },
      port: { type: 'string', default: '8080' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InputError('--port: not a port number');
  const hospital = parseHospital(readFileSync(hospitalFile, 'utf8'), hospitalFile);
  if (!values.once) {
    await live(hospital, port);
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
