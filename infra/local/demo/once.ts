/**
 * A fixed night without a person at the keyboard: one alert that the nurse accepts, one that climbs to the doctor, one
 * that nobody answers at first, and the report next morning. Every line told comes from that run's alerts and mailbox; the
 * verdict whether the story happened comes from its execution histories.
 */
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { operator } from '../account/account.ts';
import { startVigil, type Vigil, type VigilOptions } from '../account/vigil.ts';
import { minuteMs } from '../engine/clock.ts';
import { type Habits, simulatePeople } from '../replay/people.ts';
import type { StepFunctionsService } from '../services/step-functions/service.ts';
import { type Line, watch } from './live/story.ts';
import { withoutSimulated } from './live/ward.ts';

type Device = Hospital['devices'][number];

type Scene = {
  title: string;
  /** Virtual time of the critical reading, ISO 8601. */
  at: string;
  device: Device;
  systolic: number;
  diastolic: number;
  /** Who answers which of their mails (counted from 1), and after how long; all others never do. */
  answers: { role: 'nurse' | 'doctor' | 'lead'; mail: number; afterSeconds: number };
  /** States that must be entered in this order, and states that must not be. */
  passes: string[];
  avoids: string[];
};

export type Story = { scenes: { title: string; lines: Line[]; missing: string[] }[]; happened: boolean };

export const night = '2026-03-03';

function scenesFor(hospital: Hospital): Scene[] {
  const [first, second, third] = hospital.devices.filter((device) => device.patientId && !device.standby);
  if (!first || !second || !third)
    throw new Error('The story needs three devices with patients in the hospital file');
  return [
    {
      title: 'The nurse accepts; the recheck is good',
      at: `${night}T03:00:00Z`,
      device: first,
      systolic: 188,
      diastolic: 112,
      answers: { role: 'nurse', mail: 1, afterSeconds: 45 },
      passes: ['Open alert', 'Page nurse', 'Wait for the recheck', 'Close alert', 'Closed'],
      avoids: ['Page doctor'],
    },
    {
      title: 'The nurse does not answer; the doctor does',
      at: `${night}T03:30:00Z`,
      device: second,
      systolic: 84,
      diastolic: 51,
      answers: { role: 'doctor', mail: 1, afterSeconds: 60 },
      passes: ['Open alert', 'Page nurse', 'Page doctor', 'Wait for the recheck', 'Close alert', 'Closed'],
      avoids: ['Page lead'],
    },
    {
      title: 'Nobody answers, until everyone has been called twice',
      at: `${night}T04:00:00Z`,
      device: third,
      systolic: 192,
      diastolic: 124,
      answers: { role: 'lead', mail: 4, afterSeconds: 90 },
      passes: [
        'Page nurse',
        'Page doctor',
        'Page lead',
        'Page everyone',
        'Page everyone',
        'Wait for the recheck',
        'Close alert',
        'Closed',
      ],
      avoids: [],
    },
  ];
}

const placeOf = (scene: Scene) => `${scene.device.ward} bed ${scene.device.bed}`;

/** Answers as the scenes say, counting each person's mails about one place. */
function habitsOf(scenes: Scene[]): Habits {
  const counts = new Map<string, number>();
  return ({ person, mail }) => {
    const scene = scenes.find((candidate) => mail.subject.includes(placeOf(candidate)));
    if (!scene || scene.answers.role !== person.role) return 'ignore';
    const key = `${person.id} ${placeOf(scene)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key) === scene.answers.mail
      ? { afterSeconds: scene.answers.afterSeconds, does: 'accept' }
      : 'ignore';
  };
}

/** Puts one reading of a device into the stream, measured now; the clock is run by somebody else. */
async function putReading(vigil: Vigil, device: Device, systolic: number, diastolic: number): Promise<void> {
  const measuredAt = new Date(vigil.clock.now()).toISOString();
  const reading = { deviceId: device.id, patientId: device.patientId, measuredAt, systolic, diastolic };
  await vigil.call(operator, 'kinesis', 'PutRecord', {
    StreamName: vigil.outputs.StreamName,
    PartitionKey: device.id,
    Data: Buffer.from(JSON.stringify(reading)),
  });
}

/** The same, and runs the clock until it is there. */
export async function sendReading(
  vigil: Vigil,
  device: Device,
  systolic: number,
  diastolic: number,
): Promise<void> {
  await vigil.until(putReading(vigil, device, systolic, diastolic));
}

/** As a cuff on automatic: normal each five minutes, so that the recheck finds who is well again. */
function measureFromNowOn(vigil: Vigil, device: Device): void {
  vigil.clock.after(5 * minuteMs, () => {
    void putReading(vigil, device, 118, 74);
    measureFromNowOn(vigil, device);
  });
}

/** The names of the states that an execution entered, in order. */
function statesOf(vigil: Vigil, executionArn: string): string[] {
  const history = vigil.service<StepFunctionsService>('sfn').history(executionArn);
  return history
    .filter((event) => event.type.endsWith('StateEntered'))
    .map((event) => String(event.details?.name));
}

/** What of `expected` does not occur, in that order, in `entered`. */
function missingOf(entered: string[], expected: string[], avoided: string[]): string[] {
  let from = 0;
  const missing = expected.filter((name) => {
    const index = entered.indexOf(name, from);
    if (index < 0) return true;
    from = index + 1;
    return false;
  });
  return [
    ...missing.map((name) => `"${name}" was not reached`),
    ...avoided.filter((name) => entered.includes(name)).map((name) => `"${name}" was reached`),
  ];
}

function tellScene(vigil: Vigil, scene: Scene, lines: readonly Line[]) {
  const sfn = vigil.service<StepFunctionsService>('sfn');
  const from = Date.parse(scene.at);
  const own = sfn
    .executions()
    .filter(
      (execution) =>
        execution.startDate >= from && execution.input.includes(`"PATIENT#${scene.device.patientId}"`),
    );
  const states = own.flatMap((execution) => statesOf(vigil, execution.executionArn));
  const missing = missingOf(states, scene.passes, scene.avoids);
  if (!own.some((execution) => execution.status === 'SUCCEEDED'))
    missing.push('its execution did not succeed');
  const told = lines.filter(({ at, where }) => at >= from && where === placeOf(scene));
  return { title: `${scene.title} (${placeOf(scene)})`, lines: told, missing };
}

function tellReport(vigil: Vigil, lines: readonly Line[]) {
  const sfn = vigil.service<StepFunctionsService>('sfn');
  const nightly = sfn.executions().filter((execution) => execution.executionArn.includes('-nightly-report:'));
  const missing = nightly.some((execution) => execution.status === 'SUCCEEDED')
    ? []
    : ['the nightly report did not succeed'];
  const mails = lines.filter(({ what }) => what === 'report mailed');
  if (mails.length === 0) missing.push('no report was mailed');
  return { title: 'The report of the night', lines: mails, missing };
}

/** Plays the night; about four virtual hours. */
export async function playStory(
  real: Hospital,
  options: Pick<VigilOptions, 'change' | 'onAllowed'> & { before?: (vigil: Vigil) => void } = {},
): Promise<Story> {
  const scenes = scenesFor(real);
  const hospital = withoutSimulated(
    real,
    scenes.map(({ device }) => device),
  );
  const vigil = await startVigil({
    stage: 'demo',
    hospital,
    seed: 1,
    startAt: `${night}T02:50:00Z`,
    change: options.change,
    onAllowed: options.onAllowed,
  });
  try {
    const lines: Line[] = [];
    watch(vigil, hospital, 'vigil-demo', { onLine: (line) => void lines.push(line) });
    simulatePeople(vigil, hospital, habitsOf(scenes));
    options.before?.(vigil);
    for (const { device } of scenes) measureFromNowOn(vigil, device);
    for (const scene of scenes) {
      await vigil.clock.run(Date.parse(scene.at));
      await sendReading(vigil, scene.device, scene.systolic, scene.diastolic);
    }
    await vigil.clock.run(Date.parse(`${night}T06:30:00Z`));
    const told = [...scenes.map((scene) => tellScene(vigil, scene, lines)), tellReport(vigil, lines)];
    return { scenes: told, happened: told.every((scene) => scene.missing.length === 0) };
  } finally {
    vigil.stop();
  }
}
