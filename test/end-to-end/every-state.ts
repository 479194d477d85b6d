/** A story that meets every state of the escalation, for whoever interrupts it somewhere. */
import { readFileSync } from 'node:fs';
import type { Ward } from './ward.ts';

type State = { Type: string; Resource?: string };
const states = Object.entries<State>(
  JSON.parse(readFileSync('workflows/escalation.asl.json', 'utf8')).States,
).filter(([, { Type }]) => Type === 'Task');
/** In the states between these no time passes, so nothing can be interrupted there. */
export const statesThatTakeTime = states.map(([name]) => name);
export const statesThatWait = states
  .filter(([, { Resource }]) => Resource?.endsWith('.waitForTaskToken'))
  .map(([name]) => name);

/** Three alerts that between them meet every state. Only the lead ever answers; mail is away for the second; the third is an emergency. */
export async function throughEveryState(it: Ward): Promise<void> {
  await it.measure(186, 110);
  await it.seconds(900);
  await recover(it);
  const back = it.vigil.faults.outage('sns');
  await it.measure(188, 112);
  await it.seconds(1200);
  back();
  await it.seconds(1800);
  await it.measure(187, 111);
  await it.seconds(1200);
  await recover(it);
  await it.measure(230, 131);
  await it.seconds(600);
  await recover(it);
}

async function recover(it: Ward): Promise<void> {
  for (let minute = 0; minute < 90 && it.alert().standing.is !== 'closed'; minute++) {
    await it.measure(128, 76);
    await it.seconds(60);
  }
}
