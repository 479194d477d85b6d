/** What is round the escalation in a walk: a device that measures, and people who answer, as the path says. */
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { operator } from '../../../infra/local/account/account.ts';
import type { Vigil } from '../../../infra/local/account/vigil.ts';
import { replayHospital } from '../../../infra/local/replay/hospital.ts';
import { type Habits, type Reaction, simulatePeople } from '../../../infra/local/replay/people.ts';
import type { HttpApiService } from '../../../infra/local/services/http-api.ts';
import type { SnsService } from '../../../infra/local/services/sns/service.ts';
import { formsOf } from '../../handlers/answering/browser.ts';
import type { Path } from './paths.ts';

export const stage = 'production';
const noReading = { systolic: null, diastolic: null, meanArterial: null, pulse: null, ageYears: null };
const world = replayHospital([{ recordId: 'p-1', minute: 0, ...noReading }], 'adult');
/** One nurse beside the one on call, at work for devices too; a recheck of five minutes is as good as one of fifteen. */
export const hospital: Hospital = {
  ...world,
  clinicians: world.clinicians.filter(({ id }) => !id.endsWith('nurse-3')),
  technicalHours: { from: '00:00', to: '23:59' },
  timings: { adult: { critical: { recheckSeconds: 300 } } },
};
const [device] = hospital.devices;
const colleague = 'ward-001-nurse-2';

/** The walk that is under way. */
export type Present = {
  path: Path;
  alert: Alert | undefined;
  /** Steps in which somebody was asked so far. */
  asked: { step: string; round: number }[];
};

/** Of those who are asked in a step the first of the roster accepts; where it is declined, all do so, one after the other. */
const habitsOf = (present: () => Present | undefined): Habits =>
  function habits({ person }): Reaction {
    const { path, alert, asked } = present() ?? {};
    if (!path || !alert || !asked) return 'ignore';
    const { number: round } = alert.round;
    const step = `${round} ${alert.step.escalationLevel} ${alert.step.attempt}`;
    if (asked.at(-1)?.step !== step) asked.push({ step, round });
    const inRound = asked.filter((one) => one.round === round).length;
    if (path.after === 'is handed over in vain' && round === 2 && inRound === 1) return 'ignore';
    const answer = (round === 1 ? path.answers[inRound - 1] : undefined) ?? 'accept';
    if (answer === 'ignore') return 'ignore';
    const [does, late] = answer.split(' ') as ['accept' | 'decline', 'late'?];
    const first = hospital.clinicians.find(({ id }) => alert.step.asked.includes(id));
    if (does === 'accept' && first !== person) return 'ignore';
    const inTurnSeconds = does === 'decline' ? 6 * hospital.clinicians.indexOf(person) : 0;
    return { does, afterSeconds: (late ? 200 : 20) + inTurnSeconds };
  };

/** What whoever has the alert presses on the page behind their link. */
async function press(vigil: Vigil, alert: Alert | undefined, action: string, fields = {}): Promise<void> {
  const { standing } = alert ?? {};
  const owner = hospital.clinicians.find(
    ({ id }) => standing?.is === 'owned' && id === standing.owner.clinicianId,
  );
  const { mailbox } = vigil.service<SnsService>('sns');
  const mail = mailbox.findLast(({ to, text }) => to === owner?.email && /\/page\//.test(text));
  const link = /https?:\/\/[^\s/]+(\/page\/\S+)/.exec(mail?.text ?? '')?.[1];
  if (!owner || !link) return;
  // Each link is opened on a telephone of its own.
  const sourceIp = `10.1.${mailbox.length >> 8}.${mailbox.length & 255}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const api = vigil.service<HttpApiService>('http-api');
  const post = (sent: Record<string, string>) =>
    api.request({
      method: 'POST',
      path: link,
      sourceIp,
      headers,
      body: new URLSearchParams(sent).toString(),
    });
  const { body } = await api.request({ method: 'GET', path: link, sourceIp });
  const shown = await post({
    ...formsOf(body)[0]?.hidden,
    clinician: owner.id,
    pin: owner.pin,
    action: 'show',
  });
  const button = formsOf(shown.body).find(({ actions }) => actions.includes(action));
  await post({ ...button?.hidden, ...fields, action });
}

/** Nobody's mail has a turn for a while. */
function holdTurns(vigil: Vigil): void {
  const until = { N: String(vigil.clock.now() + 25_000) };
  for (const { id } of hospital.clinicians)
    void vigil.call(operator, 'dynamodb', 'UpdateItem', {
      TableName: `vigil-${stage}`,
      Key: { pk: { S: `TURN#vigil-${stage}-clinician-${id}` } },
      UpdateExpression: 'SET #routine = :until, #urgent = :until',
      ExpressionAttributeNames: { '#routine': 'routine', '#urgent': 'urgent' },
      ExpressionAttributeValues: { ':until': until },
    });
}

/** `after` does nothing once another walk is under way; `outage` gives what ends it. */
export type Round = {
  present: () => Present | undefined;
  after: (seconds: number, act: () => void) => void;
  outage: (call: string) => () => void;
};

export function surroundings(vigil: Vigil, { present, after, outage }: Round) {
  simulatePeople(vigil, hospital, habitsOf(present));

  const put = (data: string) =>
    void vigil.call(operator, 'kinesis', 'PutRecord', {
      StreamName: vigil.outputs.StreamName,
      PartitionKey: device?.id,
      Data: Buffer.from(data),
    });
  const measure = (systolic: number, diastolic: number) => {
    const measuredAt = new Date(vigil.clock.now()).toISOString();
    const { id: deviceId, patientId } = device ?? {};
    put(JSON.stringify({ deviceId, patientId, measuredAt, systolic, diastolic }));
  };
  /** Twice, as an emergency needs. */
  const recover = () => {
    after(60, () => measure(120, 76));
    after(120, () => measure(122, 77));
  };
  const pressed = (action: string, fields = {}) =>
    after(60, () => void press(vigil, present()?.alert, action, fields));
  const mailIsDown = () => outage('sns:Publish clinician');

  const opening: Record<Path['opens'], () => void> = {
    critical: () => measure(188, 112),
    emergency: () => measure(232, 133),
    device: () => put(`{"deviceId": "${device?.id}", "systolic":`),
  };
  const meanwhile: Record<Path['meanwhile'], () => void> = {
    nothing: () => {},
    'a further reading': () => after(15, () => measure(189, 112)),
    worse: () => after(15, () => measure(240, 135)),
    'mail is down': () => after(45, mailIsDown()),
    'mail goes down': () => after(15, () => after(260, mailIsDown())),
    'mail has to wait': () => holdTurns(vigil),
  };
  const afterAcceptance: Record<Path['after'], () => void> = {
    recovers: recover,
    'stays critical': () => after(60, () => measure(189, 112)),
    'is not measured': () => {},
    'gets worse': () => after(60, () => measure(240, 135)),
    'is closed by the owner': () => pressed('close', { reason: 'measuredByHand' }),
    'is given back': () => pressed('give-back'),
    'is handed over': () => pressed('hand-over', { colleague }),
    'is handed over in vain': () => pressed('hand-over', { colleague }),
  };

  return {
    begin(path: Path): void {
      meanwhile[path.meanwhile]();
      opening[path.opens]();
    },
    /** Somebody has accepted, for the how-manieth time. */
    accepted: (path: Path, times: number) => (times === 1 ? afterAcceptance[path.after]() : recover()),
    /** A further reading comes, of a patient. */
    measuresAgain: (path: Path) => path.opens !== 'device' && measure(189, 112),
  };
}
